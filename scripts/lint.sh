#!/bin/sh
# Formatting, vet, staticcheck, the build for Windows of what has to build there, and the rules of the house.
set -eu

tags=$1
unformatted=$(go run mvdan.cc/gofumpt@v0.9.2 -l .)
if [ -n "$unformatted" ]; then
	echo "lint: gofumpt would change:" "$unformatted" >&2
	exit 1
fi
go vet -tags "$tags" ./...
go run honnef.co/go/tools/cmd/staticcheck@v0.7.0 -tags "$tags" ./...
GOOS=windows CGO_ENABLED=0 go build ./apiclient/... ./device/... ./kiosk/...

# The import rules of docs/architecture.md. Prints one line for each import that they forbid.
wrong=$(go list -tags "$tags" -f '{{$p := .ImportPath}}{{range .Imports}}{{$p}} {{.}}{{"\n"}}{{end}}' ./... | awk '
	$2 ~ /^fyne\.io\/fyne/ && $1 !~ /^infomat\/(ui(\/|$)|cmd\/infomat$)/ { print; next }
	$2 !~ /^infomat\// { next }
	$1 ~ /^infomat\/apiclient/ && $2 !~ /^infomat\/apiclient/ { print; next }
	$1 ~ /^infomat\/device/ && $2 !~ /^infomat\/device/ { print; next }
	$1 == "infomat/device" && $2 == "infomat/device/virtual" { print; next }
	$1 ~ /^infomat\/kiosk/ && $2 !~ /^infomat\/kiosk/ { print; next }
	$1 == "infomat/kiosk" { print; next }
	$1 == "infomat/kiosk/desk" && $2 != "infomat/kiosk/health" { print; next }
	$1 == "infomat/terminal/demo" && $2 == "infomat/apiclient/registrysim" { next }
	$1 ~ /^infomat\/terminal\/checks/ && $2 ~ /^infomat\/terminal/ { print; next }
	$1 ~ /^infomat\/terminal/ && $2 !~ /^infomat\/(terminal|kiosk|device|apiclient|assets)(\/|$)/ { print; next }
	$1 ~ /^infomat\/terminal/ && $2 == "infomat/apiclient/registrysim" { print; next }
	$1 ~ /^infomat\/cmd\/infomat\/commands/ && $2 ~ /^infomat\/(ui|cmd)(\/|$)/ { print; next }
	$1 !~ /^infomat\/cmd\// && $2 ~ /^infomat\/(terminal|cmd)(\/|$)/ && $1 !~ /^infomat\/terminal/ { print; next }
	$1 ~ /^infomat\/assets/ && $2 !~ /^infomat\/assets/ { print; next }
	$1 ~ /^infomat\/ui/ && $2 !~ /^infomat\/(ui|kiosk|assets)(\/|$)/ { print }')
if [ -n "$wrong" ]; then
	echo "lint: forbidden imports (see docs/architecture.md):" >&2
	echo "$wrong" >&2
	exit 1
fi
