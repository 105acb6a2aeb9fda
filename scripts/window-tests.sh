#!/bin/sh
# scripts/window-tests.sh TAGS tests the packages with Fyne, each on a virtual display of its own, side by side. Two of
# them run in parts. The tests of cmd/infomat mostly wait: for a patient who is idle, for a server that does not answer.
# Those of ui/screens compute; they take the time that the others leave, so that no window waits for them.
set -eu

tags=$1
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
parts=''

# split FOLDER N COMMAND... starts the tests of a package in N parts, each under the command. The tests are dealt out in
# turn: those of one file take about as long, and go to different parts.
split() {
	folder=$1 n=$2
	shift 2
	name=$(echo "$folder" | tr / -)
	go test -c -tags "$tags" -o "$out/$name.test" "./$folder"
	scripts/xvfb.sh "$out/$name.test" -test.list '^Test' | grep '^Test' >"$out/$name.tests"
	for part in $(seq 1 "$n"); do
		names=$(awk -v part="$part" -v n="$n" 'NR % n == part % n' "$out/$name.tests" | paste -sd'|')
		(
			root=$PWD
			cd "$folder"
			"$@" "$root/scripts/xvfb.sh" "$out/$name.test" -test.timeout 20m -test.run "^($names)\$" >"$out/$name$part.log" 2>&1
		) &
		parts="$parts $name$part:$!"
	done
}

split cmd/infomat 3 env
split ui/screens 2 nice -n 5

failed=''
others=$(go list -tags "$tags" ./ui/... | grep -v '/ui/screens$')
# shellcheck disable=SC2086 # a list of packages, which the linters have vetted
scripts/xvfb.sh go test -vet off -tags "$tags" -timeout 20m $others || failed=' ui'
for part in $parts; do
	wait "${part#*:}" || failed="$failed ${part%:*}"
	echo "${part%:*}:"
	cat "$out/${part%:*}.log"
done
if [ -n "$failed" ]; then
	echo "window-tests: failed:$failed" >&2
	exit 1
fi
