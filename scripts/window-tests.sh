#!/bin/sh
# scripts/window-tests.sh TAGS tests the packages with Fyne. The tests of cmd/infomat mostly wait: for a patient who is
# idle, for a server that does not answer. So they run in three parts side by side, each on a virtual display of its own.
set -eu

tags=$1
parts=3
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# The tests are dealt out in turn: those of one file take about as long, and go to different parts.
go test -c -tags "$tags" -o "$out/window.test" ./cmd/infomat
scripts/xvfb.sh "$out/window.test" -test.list '^Test' | grep '^Test' >"$out/tests"
for part in $(seq 0 $((parts - 1))); do
	names=$(awk -v part="$part" -v parts=$parts 'NR % parts == part' "$out/tests" | paste -sd'|')
	(
		cd cmd/infomat
		../../scripts/xvfb.sh "$out/window.test" -test.timeout 20m -test.run "^($names)\$" >"$out/part$part.log" 2>&1
	) &
	eval "pid$part=$!"
done

failed=''
scripts/xvfb.sh go test -tags "$tags" -timeout 20m ./ui/... || failed='ui'
for part in $(seq 0 $((parts - 1))); do
	eval "pid=\$pid$part"
	wait "$pid" || failed="$failed cmd/infomat:$part"
	cat "$out/part$part.log"
done
if [ -n "$failed" ]; then
	echo "window-tests: failed: $failed" >&2
	exit 1
fi
