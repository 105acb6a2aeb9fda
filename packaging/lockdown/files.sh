# shellcheck shell=sh
# The files of the protections: where they are placed, and what was made, so that it can be taken away again.

# masked prints the units that a protection masks.
masked() { eval "printf '%s\n' \${masks_$1:-}"; }

# render writes the files of a protection, with the settings in them, below a folder.
render() {
	to=$work/files/$1
	rm -rf "$to"
	mkdir -p "$to" "$work/lines"
	cp -R "$share/files/$1/." "$to"
	case $1 in
	keyboard) allowed_keyboards >"$work/lines/ALLOW" ;;
	usb) allowed_usb >"$work/lines/ALLOW" ;;
	firewall)
		elements . >"$work/lines/NEAR4"
		elements : >"$work/lines/NEAR6"
		ports=$(printf '%s ' "$ssh_port" "$(metrics_port)" | sed 's/^ *//; s/ *$//; s/  */, /g')
		sed -i "s/@PORTS@/$ports/" "$to/var/lib/infomat-lockdown/firewall.nft"
		;;
	upgrades)
		find "$to" -type f -exec sed -i "s/@FETCH@/$(later 0)/; s/@UPGRADE@/$(later 1)/; s/@RESTART@/$(later 3)/" {} +
		;;
	esac
	for lines in "$work"/lines/*; do
		[ -e "$lines" ] || continue
		find "$to" -type f -exec sed -i -e "/@${lines##*/}@/{r $lines
d}" {} +
	done
	rm -rf "$work/lines"
}

# later prints the time so many hours after the night's beginning.
later() {
	hour=${night%:*}
	printf '%02d:%s' $(((${hour#0} + $1) % 24)) "${night#*:}"
}

# allowed_keyboards prints the rules that let keyboards through.
allowed_keyboards() {
	for id in $keyboards; do
		printf 'ATTRS{id/vendor}=="%s", ATTRS{id/product}=="%s", GOTO="infomat_keyboard_end"\n' "${id%:*}" "${id#*:}"
	done
}

# allowed_usb prints the rules that let devices and classes through.
allowed_usb() {
	for id in $usb_allow; do
		case $id in
		*:*) printf 'ATTRS{idVendor}=="%s", ATTRS{idProduct}=="%s", GOTO="infomat_usb_allow"\n' "${id%:*}" "${id#*:}" ;;
		*) printf 'ATTR{bInterfaceClass}=="%s", GOTO="infomat_usb_allow"\n' "$id" ;;
		esac
	done
}

# elements prints the networks of one kind, those with a dot or those with a colon, as nft reads them.
elements() {
	list=
	for network in $near; do
		case $network in *"$1"*) list="${list:+$list, }$network" ;; esac
	done
	[ -z "$list" ] || printf '\t\telements = { %s }\n' "$list"
}

# each_file prints the paths of the rendered files of a protection.
each_file() { (cd "$work/files/$1" && find . -type f | sed 's/^\.//'); }

# place puts the files and masks of a protection in place.
place() {
	render "$1"
	each_file "$1" >"$work/list"
	while read -r path; do
		made "$1" "$path"
		write "$work/files/$1$path" "$root$path" || return 1
	done <"$work/list"
	for unit in $(masked "$1"); do
		mask "$1" "/etc/systemd/system/$unit" || return 1
	done
}

# placed reports whether all of that is in place.
placed() {
	render "$1"
	each_file "$1" >"$work/list"
	while read -r path; do
		cmp -s "$work/files/$1$path" "$root$path" || return 1
	done <"$work/list"
	for unit in $(masked "$1"); do
		[ "$(readlink "$root/etc/systemd/system/$unit")" = /dev/null ] || return 1
	done
}

# write replaces a file by another in one step, if they differ.
write() {
	cmp -s "$1" "$2" && return 0
	mkdir -p "${2%/*}"
	cp "$1" "$2.infomat-new" && chmod 0644 "$2.infomat-new" && mv -f "$2.infomat-new" "$2"
}

# mask masks a unit for a protection, and leaves one alone that somebody else has masked.
mask() {
	if [ "$(readlink "$root$2")" = /dev/null ]; then
		! in_lines "$1 $2" "$recorded" || made "$1" "$2"
		return 0
	fi
	if [ -e "$root$2" ] && [ ! -L "$root$2" ]; then
		say "$1: $2 is in the way: remove it"
		return 1
	fi
	made "$1" "$2"
	mkdir -p "$root${2%/*}"
	ln -sfn /dev/null "$root$2"
}

# made records what is about to be made: a line "PROTECTION PATH". The program's check reads it.
made() {
	wanted="$wanted$1 $2
"
	in_lines "$1 $2" "$recorded" || echo "$1 $2" >>"$store/made"
}

# in_lines reports whether a line is one of some lines.
in_lines() {
	case "
$2
" in *"
$1
"*) return 0 ;; esac
	return 1
}

# remove_others removes what an earlier run made and nobody wants any more.
remove_others() {
	[ -f "$store/made" ] || return 0
	while read -r name path; do
		if ! in_lines "$name $path" "$wanted"; then
			rm -f "$root$path"
			case $path in /etc/systemd/*.d/*) rmdir "$root${path%/*}" 2>/dev/null || true ;; esac
		fi
	done <"$store/made"
	printf '%s' "$wanted" >"$work/made"
	write "$work/made" "$store/made"
}
