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

# A guide that says which test holds something is right about that.
tests=$(git ls-files -co --exclude-standard '*_test.go' | xargs grep -hoE '^func (Test|Fuzz|Benchmark)[A-Z][A-Za-z0-9]*' | sed 's/func //')
missing=$(git ls-files -co --exclude-standard '*.md' | xargs grep -oE '`(Test|Fuzz|Benchmark)[A-Z][A-Za-z0-9]*`' | tr -d '`' |
	while IFS=: read -r file name; do
		echo "$tests" | grep -qx "$name" || echo "$file: $name"
	done | sort -u)
if [ -n "$missing" ]; then
	echo "lint: these guides name tests that do not exist:" >&2
	echo "$missing" >&2
	exit 1
fi

# The tables of conformance have the same rows in both languages: clauses, states, tests and files.
rows() {
	sed 's/| да\([ ,]\)/| met\1/; s/| площадка /| site /; s/, площадка /, site /; s/| частично /| partly /; s/| нет /| no /; s/(К/(K/; s/Г)/V)/' "$1" |
		awk -F' *[|] *' '/^[|]/ {
			row = $2 ~ /^[0-9]/ ? $2 : ""
			for (i = 3; i < NF; i++) if ($i ~ /^(met.*|site|partly|no|–)$/) row = row " " $i
			for (rest = $0; match(rest, /`[^`]*`/); rest = substr(rest, RSTART + RLENGTH))
				row = row " " substr(rest, RSTART, RLENGTH)
			if (row != "") print row
		}'
}
english=$(rows docs/accessibility.md)
russian=$(rows docs/accessibility.ru.md)
if [ "$english" != "$russian" ]; then
	echo "lint: docs/accessibility.md and docs/accessibility.ru.md differ in these rows, or in their order:" >&2
	printf '%s\n' "$english" "$russian" | sort | uniq -u >&2
	exit 1
fi
