#!/bin/sh
# scripts/notices.sh TAGS prints the licences and notices of everything that is linked into the program: of each module,
# of what a module contains of others (GLFW's C, the toolkit's fonts), and of Go itself. It fails if one has none.
set -eu

tags=$1
heading() { printf '\n%s\n%s\n\n' '================================================================================' "$*"; }

echo 'Software of others in Infomat, with its licences and notices.'
heading "Golos Text (assets/fonts)"
cat assets/fonts/OFL.txt
goroot=$(go env GOROOT)
heading "Go $(go env GOVERSION): the standard library and the runtime"
cat "$goroot/LICENSE" || {
	echo "notices: this Go has no LICENSE; use the one of https://go.dev/dl" >&2
	exit 1
}
modules=$(go list -tags "$tags" -deps \
	-f '{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}} {{.Dir}}{{end}}{{end}}' ./cmd/infomat | LC_ALL=C sort -u)
echo "$modules" | while read -r path version folder; do
	texts=$(find "$folder" -type f \( -iname 'licen[cs]e*' -o -iname 'copying*' -o -iname 'notice*' -o -iname 'patents*' \
		-o -iname 'authors*' -o -iname 'ofl*' \) ! -name '*.go' ! -path '*/testdata/*' ! -path '*/cmd/*' | LC_ALL=C sort)
	if [ -z "$texts" ]; then
		echo "notices: $path $version has no licence" >&2
		exit 1
	fi
	heading "$path $version"
	echo "$texts" | while read -r text; do
		printf '%s\n\n' "--- ${text#"$folder"/}"
		cat "$text"
		echo
	done
done
