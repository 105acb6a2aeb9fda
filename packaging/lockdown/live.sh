# shellcheck shell=sh
# The running system: it is told of what has changed, without a restart and without cutting off who works on it.

# lives reports whether this is the running system.
lives() { [ -z "$root" ] && [ -d /run/systemd/system ]; }

# missing prints why a protection cannot be put in place on this computer.
missing() {
	case $1 in
	firewall) [ -n "$root" ] || command -v nft >/dev/null || echo "nft is missing: apt install nftables" ;;
	upgrades)
		[ -e "$root/usr/bin/unattended-upgrade" ] || echo "unattended-upgrade is missing: apt install unattended-upgrades"
		;;
	usb) ! lives || usb_networks ;;
	esac
}

# usb_networks tells of a network adapter on USB that would be cut off.
usb_networks() {
	for net in /sys/class/net/*; do
		device=$(readlink -f "$net/device" 2>/dev/null) || continue
		case $device in */usb[0-9]*/*) ;; *) continue ;; esac
		id=$(cat "${device%/*}/idVendor" 2>/dev/null):$(cat "${device%/*}/idProduct" 2>/dev/null)
		case " $usb_allow " in *" $id "*) continue ;; esac
		echo "the network adapter ${net##*/} is on USB: add $id to usb_allow in $settings"
	done
}

# at_console reports whether somebody is logged in at this computer's own console: a technician who installs it.
at_console() { who | awk '$2 ~ /^tty[0-9]+$/ { found = 1 } END { exit !found }'; }

# failed sets a protection's state.
failed() { sed -i "s/^$1 on$/$1 failed/" "$work/state"; }

# make_live has the running system take what is in place now.
make_live() {
	systemctl daemon-reload || true
	if grep -q '^keys on' "$work/state"; then
		systemctl kill --kill-who=main --signal=HUP systemd-logind.service 2>/dev/null || true
	else
		# It watches no key at all while it ignores all of them.
		systemctl try-restart systemd-logind.service || true
	fi
	live_kernel
	live_firewall
	if at_console; then
		say "console, keyboard: from the next start, because somebody is logged in at the console"
	elif grep -q '^console on' "$work/state"; then
		systemctl stop getty@tty1.service 2>/dev/null || true
	fi
	live_devices
	systemctl try-restart systemd-journald.service || true
	systemctl try-restart apt-daily.timer apt-daily-upgrade.timer infomat-lockdown-restart.timer 2>/dev/null || true
}

# keys_of prints the kernel's settings that are placed, one "key value" a line.
keys_of() { sed -n 's/^-\{0,1\}\([a-z][a-z0-9_.-]*\) *= */\1 /p' "$1"; }

# live_kernel sets the kernel's settings, and keeps what they were.
live_kernel() {
	file=/etc/sysctl.d/99-zz-infomat-lockdown.conf
	if [ ! -e "$file" ]; then
		restore_kernel
		return 0
	fi
	if [ ! -e "$store/kernel.before" ]; then
		keys_of "$file" | while read -r key _; do
			sysctl -e "$key" 2>/dev/null || true
		done >"$work/before"
		write "$work/before" "$store/kernel.before"
	fi
	sysctl -q -e -p "$file" >/dev/null 2>&1 || true
	[ -z "$(lives_not kernel)" ] || failed kernel
}

# restore_kernel sets the kernel's settings to what they were. Some can only be made stricter until the next start.
restore_kernel() {
	[ -e "$store/kernel.before" ] || { systemctl try-restart systemd-sysctl.service || true; return 0; }
	sysctl -q -e -p "$store/kernel.before" >/dev/null 2>&1 || true
	rm -f "$store/kernel.before"
}

# live_firewall loads the firewall, and takes it back if it would shut somebody out who is logged in by ssh.
live_firewall() {
	if ! grep -q '^firewall on' "$work/state"; then
		systemctl stop infomat-lockdown.service 2>/dev/null || true
		return 0
	fi
	if ! systemctl restart infomat-lockdown.service; then
		say "firewall: see journalctl -u infomat-lockdown"
	elif outside=$(shut_out) && [ -n "$outside" ]; then
		say "firewall: $outside is logged in by ssh and not in ssh_from ($settings); nothing is filtered"
	else
		return 0
	fi
	systemctl stop infomat-lockdown.service || true
	rm -f "$store/firewall.nft"
	failed firewall
}

# shut_out prints the address of an ssh session that the firewall would not let in again.
shut_out() {
	for port in $ssh_port; do
		ss -Htn state established "( sport = :$port )" | awk '{ print $NF }'
	done | sed 's/:[0-9]*$//; s/^\[//; s/\]$//; s/^::ffff://; s/%.*//' | sort -u | while read -r address; do
		case $address in
		127.* | ::1) continue ;;
		*:*) set=near6 ;;
		*) set=near4 ;;
		esac
		nft get element inet infomat_lockdown "$set" "{ $address }" >/dev/null 2>&1 || echo "$address"
	done | head -n 1
}

# live_devices has udev look at USB devices and keyboards again.
live_devices() {
	udevadm control --reload || true
	if ! grep -q '^usb on' "$work/state"; then
		for hub in /sys/bus/usb/devices/usb*; do
			[ ! -e "$hub" ] || echo 1 >"$hub/interface_authorized_default"
		done
		for interface in /sys/bus/usb/devices/*:*; do
			[ "$(cat "$interface/authorized" 2>/dev/null)" = 0 ] || continue
			echo 1 >"$interface/authorized"
			echo "${interface##*/}" >/sys/bus/usb/drivers_probe || true
		done
	fi
	udevadm trigger --action=add --subsystem-match=usb || true
	at_console && return 0
	for device in /sys/class/input/input*; do
		[ "$(cat "$device/inhibited" 2>/dev/null)" != 1 ] || echo 0 >"$device/inhibited"
	done
	udevadm trigger --action=change --subsystem-match=input || true
	udevadm settle --timeout=20 || true
}

# lives_not prints why a protection that is in place does not hold in the running system.
lives_not() {
	case $1 in
	kernel)
		keys_of /etc/sysctl.d/99-zz-infomat-lockdown.conf | while read -r key value; do
			now=$(sysctl -n -e "$key" 2>/dev/null) || continue
			[ -z "$now" ] || [ "$now" = "$value" ] || { echo "$key is $now, not $value"; break; }
		done
		;;
	firewall) nft list table inet infomat_lockdown >/dev/null 2>&1 || echo "the rules are not loaded" ;;
	esac
}
