#!/bin/sh
# Mutation tests of the packages without a screen: changes one operator at a time, runs the package's tests, prints the
# mutants that no test detected, and for each package the share that was detected.
# Arguments: the folders to test, each with all below it; without arguments all of them.
set -eu

out=build/mutants
mkdir -p "$out"
go build -modfile=tools/go.mod -o build/gremlins github.com/go-gremlins/gremlins/cmd/gremlins

# Tests that take minutes skip themselves with testing.Short; the others have to detect a mutant without them. The
# timeout of each run is a multiple of the time of the first one, so that one must not come from the cache.
export GOFLAGS="${GOFLAGS:-} -short -count=1"
for folder in ${*:-kiosk apiclient device}; do
	report=$out/$(echo "$folder" | tr / -).txt
	build/gremlins unleash --workers 2 --test-cpu 1 --timeout-coefficient 8 "./$folder" >"$report" || {
		tail -n 20 "$report" >&2
		exit 1
	}
	awk -v folder="$folder" '
		/ at [^ ]+:[0-9]+:[0-9]+$/ {
			status = $1 == "NOT" ? "NOT COVERED" : $1 == "TIMED" ? "TIMED OUT" : $1
			place = folder "/" $NF
			package = place
			sub("/[^/]*$", "", package)
			packages[package] = 1
			if (status == "KILLED") killed[package]++
			else if (status == "TIMED OUT") slow[package]++
			else if (status == "LIVED" || status == "NOT COVERED") {
				missed[package]++
				print status, $(NF - 2), place
			}
		}
		END {
			for (p in packages)
				printf "%s: %d killed, %d timed out, %d missed: %.0f %%\n", p, killed[p], slow[p], missed[p],
					100 * (killed[p] + slow[p]) / (killed[p] + slow[p] + missed[p])
		}' "$report"
done
