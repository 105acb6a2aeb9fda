#!/bin/sh
# scripts/sbom.sh PROGRAM VERSION prints what a program says is linked into it, with licences, as a CycloneDX document.
# It fails if a part has no licence, or one that the project does not take. The same program gives the same bytes.
set -eu

program=$1
version=$2
log=$(mktemp)
trap 'rm -f "$log"' EXIT

document=$(go tool -modfile=tools/go.mod cyclonedx-gomod bin -json -licenses -noserial -notimestamp -std \
	-version "v$version" "$program" 2>"$log") || {
	cat "$log" >&2
	exit 1
}
# What the tool takes for something else was read: Go's modules and xgb are BSD-3-Clause, resize is ISC, and go-text may
# be had under either of two. It does not look for the licence of the standard library. How the tool itself was built is
# left out.
echo "$document" | jq '
	def ids: [(.evidence.licenses // .licenses // [])[].license.id];
	def read(name; wrong; right):
		(.components[] | select(.name | startswith(name)) | .evidence.licenses[]?.license.id | select(. == wrong)) |= right;
	["Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"] as $taken
	| del(.metadata.tools[]?.hashes)
	| .metadata.component.licenses = [{license: {id: "Apache-2.0"}}]
	| (.components[] | select(.name == "std")).licenses = [{license: {id: "BSD-3-Clause"}}]
	| read("golang.org/x/"; "BSD-Source-Code"; "BSD-3-Clause")
	| read("github.com/jezek/xgb"; "WTFPL"; "BSD-3-Clause")
	| read("github.com/nfnt/resize"; "0BSD"; "ISC")
	| read("github.com/go-text/"; "Unlicense"; "BSD-3-Clause")
	| [.components[] | select((ids | length) == 0 or (ids - $taken | length) > 0) | .name + ": " + (ids | join(", "))]
		as $wrong
	| if ($wrong | length) > 0
		then error("no licence, or one that is not taken: " + ($wrong | join("; "))) else . end'
