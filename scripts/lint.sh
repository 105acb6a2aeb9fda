#!/bin/sh
# Formatting, vet, staticcheck, closed sets, line lengths, the build for Windows, and the import rules of the house.
set -eu

tags=$1
unformatted=$(go run mvdan.cc/gofumpt@v0.9.2 -l .)
if [ -n "$unformatted" ]; then
	echo "lint: gofumpt would change:" "$unformatted" >&2
	exit 1
fi
go vet -tags "$tags" ./...
go run honnef.co/go/tools/cmd/staticcheck@v0.7.0 -tags "$tags" ./...
# Closed sets: a switch over an enumeration or over a sum type (//sumtype:decl) names every member or has a default.
go run github.com/alecthomas/go-check-sumtype/cmd/go-check-sumtype@v0.4.0 ./kiosk/... ./terminal/...
GOFLAGS="${GOFLAGS:-} -tags=$tags" go run github.com/nishanths/exhaustive/cmd/exhaustive@v0.17.1 -d \
	-typeignore '^(reflect\.Kind|time\.Weekday)$' ./...
long=$(git ls-files '*.go' | xargs perl -CSD -ne 'print "$ARGV:$.\n" if length($_) > 121; close ARGV if eof')
if [ -n "$long" ]; then
	echo "lint: lines over 120 columns:" "$long" >&2
	exit 1
fi
GOOS=windows CGO_ENABLED=0 go build ./apiclient/... ./device/... ./kiosk/...

# The import rules of docs/architecture.md. Prints one line for each import that they forbid.
wrong=$(go list -tags "$tags" -f '{{$p := .ImportPath}}{{range .Imports}}{{$p}} {{.}}{{"\n"}}{{end}}' ./... | awk '
	$2 ~ /^fyne\.io\/fyne/ && $1 !~ /^infomat\/(ui(\/|$)|cmd\/infomat$)/ { print; next }
	$2 !~ /^infomat\// { next }
	$1 ~ /^infomat\/apiclient(\/fhirpeer)?$/ { print; next }
	$1 ~ /^infomat\/apiclient\/(schedule|registrysim)$/ && $2 != "infomat/apiclient" { print; next }
	$1 ~ /^infomat\/apiclient\/schedule\// && $2 !~ /^infomat\/apiclient(\/schedule)?$/ { print; next }
	$1 ~ /^infomat\/apiclient/ && $2 !~ /^infomat\/apiclient/ { print; next }
	$2 == "infomat/apiclient/schedule/schedtest" { print; next }
	$2 == "infomat/device/systree" { print; next }
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
