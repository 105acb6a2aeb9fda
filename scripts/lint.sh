#!/bin/sh
# Formatting, vet, staticcheck, closed sets, line lengths, the build for Windows, licences, and the import rules of the
# house.
set -eu

tags=$1
tool() { go tool -modfile=tools/go.mod "$@"; }
unformatted=$(tool gofumpt -l .)
if [ -n "$unformatted" ]; then
	echo "lint: gofumpt would change:" "$unformatted" >&2
	exit 1
fi
go vet -tags "$tags" ./...
tool staticcheck -tags "$tags" ./...
# Closed sets: a switch over an enumeration or over a sum type (//sumtype:decl) names every member or has a default.
tool go-check-sumtype ./kiosk/... ./terminal/...
GOFLAGS="${GOFLAGS:-} -tags=$tags" tool exhaustive -d -typeignore '^(reflect\.Kind|time\.Weekday)$' ./...
long=$(git ls-files '*.go' | xargs perl -CSD -ne 'print "$ARGV:$.\n" if length($_) > 121; close ARGV if eof')
if [ -n "$long" ]; then
	echo "lint: lines over 120 columns:" "$long" >&2
	exit 1
fi
GOOS=windows CGO_ENABLED=0 go build ./apiclient/... ./device/... ./kiosk/...

# Everything that is linked into the program has a licence. Which licence is checked where the package is built.
scripts/notices.sh "$tags" >/dev/null

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
