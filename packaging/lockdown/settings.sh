# shellcheck shell=sh
# The settings of infomat-lockdown: read strictly, all errors at once, before anything is changed.

private4='10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 169.254.0.0/16'
private6='fc00::/7 fe80::/10'

# wrong reports an error of a line of the settings.
wrong() {
	say "$settings:$line: $*"
	errors=$((errors + 1))
}

# each_matches reports whether each of the words matches an extended regular expression.
each_matches() {
	pattern=$1
	shift
	for word in "$@"; do
		printf '%s\n' "$word" | grep -qxE "$pattern" || return 1
	done
}

# read_settings sets a variable for each key. Without the file, and for a key that it has not, the default holds.
read_settings() {
	kernel=on console=on keys=on keyboard=deny usb=on usb_allow='' modules=on firewall=on ssh_from=local ssh_port=22
	metrics=auto journal=on upgrades=on night=01:00
	line=0 errors=0 seen=' '
	if [ -e "$settings" ]; then
		while IFS= read -r text || [ -n "$text" ]; do
			line=$((line + 1))
			read_line "${text%%#*}"
		done <"$settings"
	fi
	[ "$errors" = 0 ] || { say "nothing was changed"; exit 2; }
	keyboards=
	case $keyboard in *:*) keyboards=$keyboard ;; esac
	case $ssh_from in
	local) near="$private4 $private6" ;;
	all) near='0.0.0.0/0 ::/0' ;;
	*) near=$ssh_from ;;
	esac
}

# read_line reads "key = value" and checks the value.
read_line() {
	case $1 in
	*=*) ;;
	*[![:space:]]*) wrong "want KEY = VALUE, such as kernel = on"; return 0 ;;
	*) return 0 ;;
	esac
	set -f # the words of a line are no patterns
	text=$1
	# shellcheck disable=SC2086 # words, to be joined by one space each
	set -- ${text%%=*}
	key=$*
	# shellcheck disable=SC2086
	set -- ${text#*=}
	value=$*
	case $seen in *" $key "*) wrong "$key is set a second time" ;; esac
	seen="$seen$key "
	case $key in
	kernel | console | keys | usb | modules | firewall | journal | upgrades)
		case $value in on | off) ;; *) wrong "$key = $value: want on or off" ;; esac
		;;
	keyboard)
		# shellcheck disable=SC2086 # words
		[ "$value" = allow ] || [ "$value" = deny ] || { [ -n "$value" ] && each_matches '[0-9a-f]{4}:[0-9a-f]{4}' $value; } ||
			wrong "keyboard = $value: want deny, allow, or vendor:product such as 046d:c31c"
		;;
	usb_allow)
		# shellcheck disable=SC2086 # words
		each_matches '[0-9a-f]{4}:[0-9a-f]{4}|[0-9a-f]{2}' $value ||
			wrong "usb_allow = $value: want vendor:product such as 08bb:2902, or a class such as 01"
		;;
	ssh_from)
		network='([0-9]{1,3}\.){3}[0-9]{1,3}(/[0-9]{1,2})?|[0-9a-f:]*:[0-9a-f:]*(/[0-9]{1,3})?'
		# shellcheck disable=SC2086 # words
		[ "$value" = local ] || [ "$value" = all ] || { [ -n "$value" ] && each_matches "$network" $value; } ||
			wrong "ssh_from = $value: want local, all, or networks such as 10.1.0.0/16"
		;;
	ssh_port)
		# shellcheck disable=SC2086 # words
		[ -n "$value" ] && each_matches '[1-9][0-9]{0,4}' $value || wrong "ssh_port = $value: want ports such as 22"
		;;
	metrics) [ "$value" = auto ] || [ "$value" = closed ] || wrong "metrics = $value: want auto or closed" ;;
	night)
		each_matches '([01][0-9]|2[0-3]):[0-5][0-9]' "$value" || wrong "night = $value: want a time such as 01:00"
		;;
	*)
		wrong "unknown key $key"
		key=unknown
		;;
	esac
	set +f
	eval "$key=\$value"
}

# switched_on reports whether a protection is wanted.
switched_on() {
	eval "value=\$$1"
	[ "$value" != off ] && [ "$value" != allow ]
}

# metrics_port prints the port that the terminal's settings open to the network, or nothing.
metrics_port() {
	[ "$metrics" = auto ] && [ -r "$root/etc/infomat/infomat.toml" ] || return 0
	listen=$(sed -n '/^\[metrics\]/,/^\[/s/^listen *= *"\([^"]*\)".*/\1/p' "$root/etc/infomat/infomat.toml" | head -n 1)
	case $listen in
	'' | 127.* | localhost:* | '[::1]:'*) ;;
	*:*) printf '%s\n' "${listen##*:}" | grep -xE '[1-9][0-9]{0,4}' || true ;;
	esac
}
