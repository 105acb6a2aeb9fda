#!/bin/sh
# packaging/machine/debian.sh PACKAGE... makes a clean Debian 12 with a kernel and all that the packages need, as root, in
# build/machine/base. It is made once, and gets what a package needs in addition later.
set -eu

cd "$(dirname "$0")/../.."
work=$PWD/build/machine
base=$work/base

say() { echo "machine: $*" >&2; }

[ "$(id -u)" = 0 ] || { say "run it as root"; exit 1; }
for tool in mmdebstrap dpkg-deb; do
	command -v "$tool" >/dev/null || { say "$tool is missing: install mmdebstrap and dpkg"; exit 1; }
done
mkdir -p "$work"

# What the package needs and recommends, and what Debian's installer puts on every computer.
needed=$(for package; do
	dpkg-deb -f "$package" Depends
	dpkg-deb -f "$package" Recommends
done |
	sed 's/([^)]*)//g; s/|[^,]*//g; s/,/\n/g' | tr -d ' ' | sed 's/default-logind/libpam-systemd/' |
	grep -vE '^(infomat.*|)$' | sort -u | paste -sd,)
debian="$needed,linux-image-amd64,initramfs-tools,systemd-sysv,dbus,udev,kmod,login,ifupdown,isc-dhcp-client,iproute2,procps"
if [ ! -e "$base.ready" ]; then
	say "making a clean Debian in $base"
	rm -rf "$base"
	# The initrd holds only what this machine's disk needs, so that it is unpacked quickly.
	mkdir -p "$work/initramfs"
	printf 'MODULES=list\nCOMPRESS=gzip\nBUSYBOX=n\n' >"$work/initramfs/conf"
	printf 'virtio_pci\nvirtio_blk\next4\n' >"$work/initramfs/modules"
	mmdebstrap --variant=minbase --include="$debian" \
		--essential-hook='mkdir -p "$1/etc/initramfs-tools/conf.d" "$1/usr/share/initramfs-tools/modules.d"' \
		--essential-hook="copy-in $work/initramfs/conf /etc/initramfs-tools/conf.d" \
		--essential-hook="copy-in $work/initramfs/modules /usr/share/initramfs-tools/modules.d" \
		bookworm "$base" \
		"deb http://deb.debian.org/debian bookworm main" \
		"deb http://deb.debian.org/debian-security bookworm-security main" >"$base.log" 2>&1 ||
		{ tail -n 20 "$base.log" >&2; exit 1; }
	echo "$debian" >"$base.ready"
elif [ "$(cat "$base.ready")" != "$debian" ]; then
	say "adding to the Debian in $base"
	cp /etc/resolv.conf "$base/etc/resolv.conf"
	chroot "$base" sh -c "apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
		--no-install-recommends $(echo "$debian" | tr , ' ')" >>"$base.log" 2>&1 ||
		{ tail -n 20 "$base.log" >&2; exit 1; }
	echo "$debian" >"$base.ready"
fi
