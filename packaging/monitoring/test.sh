#!/bin/sh
# A Prometheus server (Debian's package) scrapes a running terminal; its alerts have to fire. Run it after `make build`,
# on a display: scripts/xvfb.sh packaging/monitoring/test.sh
set -eu

cd "$(dirname "$0")/../.."
for tool in prometheus promtool; do
	command -v "$tool" >/dev/null || {
		echo "monitoring: install Debian's package prometheus" >&2
		exit 1
	}
done
promtool check rules packaging/monitoring/alerts.yml
promtool test rules packaging/monitoring/alerts_test.yml

work=$(mktemp -d)
terminal='' prometheus='' registry=''
finish() {
	for p in $terminal $prometheus $registry; do
		kill "$p" 2>/dev/null || true
		wait "$p" 2>/dev/null || true
	done
	rm -rf "$work"
}
trap finish EXIT

build/registrysim -listen 127.0.0.1:0 >"$work/registry" &
registry=$!
until [ -s "$work/registry" ]; do sleep 0.1; done
{
	echo '[registry]'
	cat "$work/registry"
	printf '[printer]\nport = "%s"\n[journal]\npath = "%s"\n' "$work/no-such-printer" "$work/journal.db"
	printf '[metrics]\nlisten = "127.0.0.1:19117"\n'
} >"$work/infomat.toml"
build/infomat run --config "$work/infomat.toml" 2>"$work/terminal.log" &
terminal=$!

# The rules, without the time for which a condition has to last.
sed 's/^\( *for:\) .*/\1 1s/' packaging/monitoring/alerts.yml >"$work/alerts.yml"
cat >"$work/prometheus.yml" <<CONFIG
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [$work/alerts.yml]
scrape_configs:
  - {job_name: infomat, static_configs: [{targets: ["127.0.0.1:19117", "127.0.0.1:1"]}]}
CONFIG
prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/data" \
	--web.listen-address=127.0.0.1:19090 --log.level=error &
prometheus=$!

# firing ALERT reports whether the alert fires.
firing() {
	promtool query instant http://127.0.0.1:19090 "ALERTS{alertname=\"$1\",alertstate=\"firing\"}" 2>/dev/null | grep -q .
}
for alert in InfomatNoPaper InfomatGone; do
	n=0
	until firing "$alert"; do
		n=$((n + 1))
		[ "$n" -lt 60 ] || {
			echo "monitoring: $alert does not fire" >&2
			cat "$work/terminal.log" >&2
			exit 1
		}
		sleep 0.5
	done
	echo "monitoring: $alert fires" >&2
done
if firing InfomatNotBooking; then
	echo "monitoring: InfomatNotBooking fires although the terminal can book" >&2
	exit 1
fi
echo "monitoring: passed" >&2
