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
		--no-install-recommends $depends systemd-sysv dbus logrotate procps xvfb && apt-get clean" >>"$base.log" 2>&1
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
inside systemd-analyze verify infomat.service infomat-display.service infomat-stick.path infomat-stick.service 2>&1 | grep -v 'man ' >"$work/verify" || true
[ ! -s "$work/verify" ] || { cat "$work/verify" >&2; fail "the units have errors"; }
inside systemd-analyze security --no-pager --threshold=25 infomat.service >/dev/null ||
	fail "the exposure of the service is too high"
inside systemd-analyze security --no-pager infomat.service | tail -n 1 >&2
inside systemd-analyze security --no-pager --threshold=30 infomat-display.service >/dev/null ||
	fail "the exposure of the display is too high"
inside systemd-analyze security --no-pager infomat-display.service | tail -n 1 >&2
[ "$(inside stat -c '%U %a' /var/lib/infomat)" = "infomat 700" ] ||
	fail "/var/lib/infomat does not belong to the terminal alone"
for group in dialout lp audio; do
	inside id infomat | grep -qw "$group" || fail "the terminal's user may not open its devices: it is not in $group"
done
# roots_alone: nobody but root can change the settings.
roots_alone() {
	for file in /etc/infomat /etc/infomat/infomat.toml /etc/infomat/display.conf; do
		case $(inside stat -c '%U %A' "$file") in
		root\ ?r??[-r]-[-xr]*) ;;
		*) fail "$file is not root's alone: $(inside stat -c '%U %A' "$file")" ;;
		esac
	done
}
roots_alone
inside infomat config check /etc/infomat/infomat.toml 2>/dev/null &&
	fail "settings without the required keys are accepted"
say "installed"

url=$(sed -n 's/^url = "\(.*\)"/\1/p' "$work/registry")
lpu=$(sed -n 's/^lpu_guid = "\(.*\)"/\1/p' "$work/registry")
inside infomat setup --url "$url" --lpu "$lpu" --port virtual --width-mm 268 --no-pin || fail "setup"
roots_alone
echo 402796 | inside infomat pin --config /etc/infomat/infomat.toml || fail "the PIN could not be set"
inside infomat config check /etc/infomat/infomat.toml || fail "the settings are not accepted"
inside mkdir -p /etc/systemd/system/infomat-display.service.d /etc/systemd/system/infomat.service.d
# A container has neither console nor monitor.
inside tee /etc/systemd/system/infomat-display.service.d/no-console.conf >/dev/null <<'UNIT'
[Unit]
ConditionPathExists=
[Service]
StandardInput=null
TTYPath=
Environment=XSERVER=/usr/bin/Xvfb "XSERVER_OPTIONS=-screen 0 1080x1920x24 -nolisten tcp -noreset"
UNIT
printf '[Service]\nWatchdogSec=10s\n' | inside tee /etc/systemd/system/infomat.service.d/fast.conf >/dev/null
inside systemctl daemon-reload
inside systemctl enable --now infomat-display infomat || fail "the terminal did not start"

active() { [ "$(inside systemctl is-active infomat)" = active ]; }
serves() { active && inside infomat diag --config /etc/infomat/infomat.toml --json | grep -q '"canServe":true'; }
pid() { inside systemctl show -P MainPID infomat; }
until_true serves || fail "the terminal does not serve"
[ "$(inside systemctl show -P NRestarts infomat)" = 0 ] || fail "the terminal restarted by itself"
server=$(inside pgrep -x Xvfb)
[ "$(inside stat -c %U "/proc/$server")" = infomat-display ] || fail "the X server has the user of another"
[ "$(inside awk '/^CapEff/ { print $2 }' "/proc/$server/status")" = 0000000000008000 ] ||
	fail "the X server may more than read shared memory"
say "started: systemd reports it as ready, and diag reports that it can serve"

# attack COMMAND runs a command as the service's user in the service's own view of the files.
attack() {
	inside nsenter -t "$(pid)" -m setpriv --reuid infomat --regid infomat --init-groups --no-new-privs sh -c "$1"
}
attack true || fail "nothing can be run in the sandbox"
for try in 'echo XSERVER=/tmp/x >>/etc/infomat/display.conf' 'echo >>/etc/infomat/infomat.toml' \
	'ln -sf /etc/shadow /etc/infomat/infomat.toml' 'mv /etc/infomat /var/lib/infomat/etc' \
	'touch /etc/infomat/infomat.toml.before' 'touch /etc/nologin' 'cat /etc/shadow' \
	'touch /usr/lib/infomat/x' 'touch /run/infomat-stick' 'rm -f /run/infomat-display/xauth'; do
	attack "$try" >/dev/null 2>&1 && fail "the service can: $try"
done
roots_alone
attack 'printf "[service]\npin_file = \"/etc/nologin\"\n" >/var/lib/infomat/changes.toml' || fail "no overlay can be written"
echo 402796 | inside infomat pin --config /etc/infomat/infomat.toml || fail "an overlay that cannot be used keeps root out"
inside test ! -e /etc/nologin || fail "root has written the file that the service has named"
inside infomat config check /etc/infomat/infomat.toml 2>&1 | grep -q 'changes.toml:1: service' ||
	fail "an overlay that cannot be used is not told"
inside rm /var/lib/infomat/changes.toml
say "attacked from inside: the settings are root's, and root follows no name of the service"

stick() { [ "$(inside systemctl is-active infomat-stick.service)" = "$1" ]; }
until_true stick inactive || fail "a stick is looked for without the report page"
attack 'touch /run/infomat/report-wanted' || fail "no stick can be asked for"
until_true stick active || fail "nobody looks for a stick"
inside test ! -e /run/infomat/stick || fail "the stick's place is the service's"
until_true inside test -d /run/infomat-stick || fail "there is no place for a stick"
inside mount -t tmpfs -o "uid=$(inside id -u infomat),mode=0700" tmpfs /run/infomat-stick
attack 'echo report >/run/infomat-stick/report.html' || fail "the terminal cannot write to a stick"
attack 'rm /run/infomat/report-wanted'
until_true stick inactive || fail "the stick is not taken away when the page is left"
inside mountpoint -q /run/infomat-stick && fail "the stick stays mounted"
attack 'test ! -e /run/infomat-stick/report.html' || fail "the stick stays mounted in the sandbox"
say "a stick is looked for while the report page asks, and can be written to"

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

# As an older version has left it, with a service that was taken over: the folder is its own, a change is on trial, and
# the display's settings are a link.
inside mv /etc/infomat/display.conf /root/display.conf
inside cp -p /etc/infomat/infomat.toml /etc/infomat/infomat.toml.before
inside sed -i 's/^width_mm = .*/width_mm = 300/' /etc/infomat/infomat.toml
inside ln -s /etc/shadow /etc/infomat/display.conf
inside chown -h -R infomat:infomat /etc/infomat

inside env DEBIAN_FRONTEND=noninteractive dpkg --force-confdef --force-confold -i /next.deb >"$work/upgrade" 2>&1 || {
	cat "$work/upgrade" >&2
	fail "upgrade"
}
until_true another || fail "the new version was not started"
until_true serves || fail "the new version does not serve"
inside cp /root/display.conf /etc/infomat/display.conf
roots_alone
inside test ! -e /etc/infomat/infomat.toml.before || fail "the change on trial is still there"
[ "$(inside stat -c '%U %a' /etc/shadow)" = "root 640" ] || fail "the upgrade gave a file of root away"
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
