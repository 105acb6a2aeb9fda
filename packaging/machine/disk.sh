#!/bin/sh
# packaging/machine/disk.sh PORT PACKAGE... makes the disk of the machine under test, as root: a clean Debian 12 with the
# packages in build/machine/disk.raw, its kernel and its initrd beside it. The terminal asks the
# registry at https://10.0.2.2:PORT, which is the host's loopback. A disk is made anew when a package, the port or this
# script changes.
set -eu

cd "$(dirname "$0")/../.."
port=$1
shift
work=$PWD/build/machine
base=$work/base
root=$work/root

say() { echo "machine: $*" >&2; }

[ "$(id -u)" = 0 ] || { say "run it as root"; exit 1; }
for tool in mke2fs openssl; do
	command -v "$tool" >/dev/null || { say "$tool is missing: install e2fsprogs and openssl"; exit 1; }
done
mkdir -p "$work"

packaging/machine/debian.sh "$@"

# The registry's certificate is its own authority.
if [ ! -e "$work/registry.key" ]; then
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj /CN=registry \
		-addext subjectAltName=IP:10.0.2.2 -keyout "$work/registry.key" -out "$work/registry.pem" 2>/dev/null
fi

sum=$(cat "$@" "$0" packaging/machine/guest/* "$work/registry.pem" "$base.ready" | sha256sum | cut -c1-32)-$port
if [ "$(cat "$work/disk.ready" 2>/dev/null)" = "$sum" ]; then
	exit 0
fi
say "making the disk"
rm -rf "$root" "$work/disk.ready"
cp -a "$base" "$root"
mkdir "$root/packages"
cp "$@" "$root/packages/"
chroot "$root" sh -c 'dpkg -i /packages/*.deb' >"$work/install.log" 2>&1 || { cat "$work/install.log" >&2; exit 1; }
rm -r "$root/packages"

# As a technician sets it up.
install -m 0644 "$work/registry.pem" "$root/etc/infomat/registry.pem"
chroot "$root" infomat setup --url "https://10.0.2.2:$port" --lpu "$(cat "$work/lpu")" --port virtual \
	--no-pin >>"$work/install.log" 2>&1 || true
sed -i -e 's|^port = "virtual" *|port = "/dev/infomat-printer" |' \
	-e 's|^reserve_minutes = 10 *|reserve_minutes = 60 |' -e 's|^ca_file = "" *|ca_file = "/etc/infomat/registry.pem" |' "$root/etc/infomat/infomat.toml"
install -m 0640 -g 0 "$work/registry.key" "$root/etc/infomat/metrics.key"
chroot "$root" chgrp infomat /etc/infomat/metrics.key
echo 'a long password of the test' >"$root/etc/infomat/metrics.password"
chroot "$root" sh -c 'chgrp infomat /etc/infomat/metrics.password && chmod 0640 /etc/infomat/metrics.password'
sed -i -e 's|^listen = "" *|listen = "0.0.0.0:9100" |' -e 's|^user = "" *|user = "prometheus" |' \
	-e '/^\[metrics\]/,/^\[log\]/{s|^cert_file = "" *|cert_file = "/etc/infomat/registry.pem" |;s|^key_file = "" *|key_file = "/etc/infomat/metrics.key" |}' \
	-e 's|^password_file = "" *|password_file = "/etc/infomat/metrics.password" |' "$root/etc/infomat/infomat.toml"
chroot "$root" infomat config check /etc/infomat/infomat.toml >>"$work/install.log" 2>&1 || { cat "$work/install.log" >&2; exit 1; }
[ ! -e "$root/usr/sbin/infomat-lockdown" ] || chroot "$root" infomat-lockdown apply >>"$work/install.log" 2>&1
echo 738216 | chroot "$root" infomat pin --config /etc/infomat/infomat.toml >>"$work/install.log" 2>&1
chroot "$root" systemctl enable infomat-display infomat >>"$work/install.log" 2>&1
echo terminal >"$root/etc/hostname"
printf '127.0.0.1 localhost\n127.0.1.1 terminal\n' >"$root/etc/hosts"
printf '/dev/vda / ext4 errors=remount-ro 0 1\n' >"$root/etc/fstab"
printf 'auto lo\niface lo inet loopback\nallow-hotplug ens3\niface ens3 inet dhcp\n' >"$root/etc/network/interfaces"
ln -sf /usr/share/zoneinfo/Asia/Yekaterinburg "$root/etc/localtime"
# A weak password, so that whoever reaches a login with the keyboard gets in and is noticed.
echo root:root | chroot "$root" chpasswd

# Debian's care for disks of other kinds takes a slow computer 45 s of the start.
chroot "$root" systemctl disable e2scrub_reap e2scrub_all.timer >>"$work/install.log" 2>&1

# The test's own: a root shell on a line that only the test's disk serves.
install -m 0755 packaging/machine/guest/shell "$root/usr/local/sbin/machine-shell"
install -m 0644 packaging/machine/guest/machine-shell.service "$root/etc/systemd/system/machine-shell.service"
chroot "$root" systemctl enable machine-shell >>"$work/install.log" 2>&1

cp "$root"/boot/vmlinuz-* "$work/vmlinuz"
cp "$root"/boot/initrd.img-* "$work/initrd"
rm -f "$work/disk.raw"
mke2fs -q -t ext4 -L terminal -d "$root" "$work/disk.raw" 3G
rm -rf "$root"
echo "$sum" >"$work/disk.ready"
