#!/bin/sh
# packaging/test.sh VERSION tests the package in a clean Debian with its own systemd; run it as root after `make deb`.
# It installs, configures, starts, hangs, upgrades, removes, installs again and purges build/infomat_VERSION_ARCH.deb.
# The Debian is created once, under build/debian-root.
set -eu

cd "$(dirname "$0")/.."
version=$1
arch=$(dpkg --print-architecture)
package=build/infomat_${version}_$arch.deb
base=build/debian-root
work=build/test-deb

say() { echo "test-deb: $*" >&2; }
fail() {
	say "FAILED: $*"
	inside journalctl --no-pager -n 40 -u infomat -u infomat-display >&2 || true
	exit 1
}

[ "$(id -u)" = 0 ] || { say "run it as root"; exit 1; }
for tool in debootstrap systemd-nspawn nsenter dpkg-deb; do
	command -v "$tool" >/dev/null || { say "install debootstrap and systemd-container"; exit 1; }
done

# The clean Debian, with the package's dependencies and an X server that needs no monitor.
if [ ! -e "$base/.ready" ]; then
	say "creating a clean Debian in $base"
	rm -rf "$base"
	debootstrap --variant=minbase bookworm "$base" >"$base.log" 2>&1
	cp /etc/resolv.conf "$base/etc/resolv.conf"
	depends=$(dpkg-deb -f "$package" Depends | sed 's/([^)]*)//g; s/,/ /g')
	# shellcheck disable=SC2086 # a list of words
	chroot "$base" sh -c "apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
		--no-install-recommends $depends systemd-sysv dbus logrotate xvfb && apt-get clean" >>"$base.log" 2>&1
	touch "$base/.ready"
fi

rm -rf "$work"
mkdir -p "$work"
cp -a "$base" "$work/root"
cp "$package" "$work/root/infomat.deb"

# The next version has another comment in its settings file: that makes dpkg ask at an upgrade.
dpkg-deb -R "$package" "$work/next"
sed -i "s/^Version: .*/Version: $version.1/" "$work/next/DEBIAN/control"
echo '# a comment of the next version' >>"$work/next/etc/infomat/infomat.toml"
(cd "$work/next" && find . -type f ! -path './DEBIAN/*' -printf '%P\0' | xargs -0 md5sum >DEBIAN/md5sums)
dpkg-deb -b "$work/next" "$work/root/next.deb" >/dev/null

build/registrysim -listen 127.0.0.1:0 >"$work/registry" &
registry=$!
systemd-nspawn -q -D "$work/root" -b --register=no --keep-unit --console=pipe -M "infomat-$$" \
	</dev/null >"$work/console" 2>&1 &
machine=$!
leader=''
finish() {
	code=$?
	trap - EXIT
	kill "$registry" 2>/dev/null || true
	if [ -n "$leader" ]; then
		inside systemctl --no-block poweroff >/dev/null 2>&1 || true
	else
		kill "$machine" 2>/dev/null || true
	fi
	wait "$machine" 2>/dev/null || true
	[ "$code" != 0 ] || rm -rf "$work"
	exit "$code"
}
trap finish EXIT

# inside COMMAND... runs a command in the container, as its root.
inside() { nsenter -t "$leader" -a -- "$@"; }

# until_true COMMAND... repeats the command until it succeeds, for a minute at most.
until_true() {
	for _ in $(seq 120); do
		if "$@" >/dev/null 2>&1; then
			return 0
		fi
		sleep 0.5
	done
	return 1
}
booted() {
	leader=$(pgrep -P "$machine" | head -n 1)
	[ -n "$leader" ] && inside systemctl is-system-running | grep -qE 'running|degraded'
}
until_true booted || fail "the container did not start"
say "a clean Debian is up"

inside dpkg -i /infomat.deb >"$work/install" 2>&1 || { cat "$work/install" >&2; fail "install"; }
inside systemd-analyze verify infomat.service infomat-display.service 2>&1 | grep -v 'man ' >"$work/verify" || true
[ ! -s "$work/verify" ] || { cat "$work/verify" >&2; fail "the units have errors"; }
inside systemd-analyze security --no-pager --threshold=25 infomat.service >/dev/null ||
	fail "the exposure of the service is too high"
inside systemd-analyze security --no-pager infomat.service | tail -n 1 >&2
[ "$(inside stat -c '%U %a' /var/lib/infomat)" = "infomat 700" ] ||
	fail "/var/lib/infomat does not belong to the terminal alone"
for group in dialout lp; do
	inside id infomat | grep -qw "$group" || fail "the terminal's user may not open the printer's port: it is not in $group"
done
inside infomat config check /etc/infomat/infomat.toml 2>/dev/null &&
	fail "settings without the required keys are accepted"
say "installed"

url=$(sed -n 's/^url = "\(.*\)"/\1/p' "$work/registry")
lpu=$(sed -n 's/^lpu_guid = "\(.*\)"/\1/p' "$work/registry")
inside infomat setup --url "$url" --lpu "$lpu" --port virtual --width-mm 268 --no-pin || fail "setup"
[ "$(inside stat -c %U /etc/infomat/infomat.toml)" = infomat ] || fail "the terminal may not change its settings"
# A PIN of chance may be one that is easy to guess, and refused.
set_pin() { shuf -i 0-999999 -n 1 | xargs printf '%06d\n' | inside infomat pin --config /etc/infomat/infomat.toml; }
until_true set_pin || fail "the PIN could not be set"
echo 402795 | inside infomat pin --config /etc/infomat/infomat.toml 2>/dev/null && fail "a published PIN was set"
inside infomat config check /etc/infomat/infomat.toml || fail "the settings are not accepted"
printf 'XSERVER=/usr/bin/Xvfb\nXSERVER_OPTIONS="-screen 0 1080x1920x24 -nolisten tcp -noreset"\n' |
	inside tee -a /etc/infomat/display.conf >/dev/null
inside mkdir -p /etc/systemd/system/infomat-display.service.d /etc/systemd/system/infomat.service.d
printf '[Unit]\nConditionPathExists=\n' |
	inside tee /etc/systemd/system/infomat-display.service.d/no-console.conf >/dev/null
printf '[Service]\nWatchdogSec=10s\n' | inside tee /etc/systemd/system/infomat.service.d/fast.conf >/dev/null
inside systemctl daemon-reload
inside systemctl enable --now infomat-display infomat || fail "the terminal did not start"

active() { [ "$(inside systemctl is-active infomat)" = active ]; }
serves() { active && inside infomat diag --config /etc/infomat/infomat.toml --json | grep -q '"canServe":true'; }
pid() { inside systemctl show -P MainPID infomat; }
until_true serves || fail "the terminal does not serve"
[ "$(inside systemctl show -P NRestarts infomat)" = 0 ] || fail "the terminal restarted by itself"
say "started: systemd reports it as ready, and diag reports that it can serve"

before=$(pid)
kill -STOP "$(pgrep -P "$leader" -f '/usr/bin/infomat run')"
another() { active && [ "$(pid)" != "$before" ]; }
until_true another || fail "a terminal that hung was not restarted"
until_true serves || fail "the terminal does not serve after it hung"
say "hung, and was restarted by the watchdog"

inside systemctl stop infomat
inside cp /etc/infomat/infomat.toml /root/infomat.toml
inside sed -i 's/^baud = .*/baud = "fast"/' /etc/infomat/infomat.toml
inside systemctl start infomat 2>/dev/null && fail "settings that cannot be used are accepted"
sleep 8 # longer than the pause before a restart
[ "$(inside systemctl is-active infomat)" = failed ] || fail "settings that cannot be used lead to restarts"
inside journalctl -u infomat --no-pager | grep -q 'printer.baud' ||
	fail "the log does not say what is wrong with the settings"
inside cp /root/infomat.toml /etc/infomat/infomat.toml
say "settings that cannot be used are logged, and do not lead to restarts"
inside runuser -u infomat -- infomat reserve --config /etc/infomat/infomat.toml \
	--cell 00000000-0000-4000-8000-000000000001 --age ADULT --no-print >/dev/null 2>&1 || true
records=$(inside infomat journal --config /etc/infomat/infomat.toml --json | wc -l)
[ "$records" -ge 3 ] || fail "the journal has $records records"
settings=$(inside sha256sum /etc/infomat/infomat.toml)
inside systemctl start infomat
before=$(pid)

inside env DEBIAN_FRONTEND=noninteractive dpkg --force-confdef --force-confold -i /next.deb >"$work/upgrade" 2>&1 || {
	cat "$work/upgrade" >&2
	fail "upgrade"
}
until_true another || fail "the new version was not started"
until_true serves || fail "the new version does not serve"
[ "$settings" = "$(inside sha256sum /etc/infomat/infomat.toml)" ] || fail "the upgrade changed the settings"
[ "$(inside infomat journal --config /etc/infomat/infomat.toml --json | wc -l)" -ge "$records" ] ||
	fail "the upgrade lost records of the journal"
say "upgraded: settings and journal are unchanged"

inside dpkg -r infomat >/dev/null 2>&1 || fail "remove"
inside test ! -e /usr/bin/infomat || fail "the program is still there"
[ "$settings" = "$(inside sha256sum /etc/infomat/infomat.toml)" ] || fail "the removal changed the settings"
inside test -s /var/lib/infomat/journal.db || fail "the removal deleted the journal"
pgrep -P "$leader" -f '/usr/bin/infomat run' >/dev/null && fail "the terminal still runs"
say "removed: settings and journal stay"

inside dpkg -i /next.deb >"$work/again" 2>&1 || { cat "$work/again" >&2; fail "install again"; }
inside infomat config check /etc/infomat/infomat.toml >/dev/null || fail "the settings were lost"
inside dpkg -P infomat >/dev/null 2>&1 || fail "purge"
for left in /etc/infomat /var/lib/infomat /var/log/infomat /usr/lib/infomat /usr/share/infomat; do
	inside test ! -e "$left" || fail "the purge left $left"
done
say "purged"
say "passed"
