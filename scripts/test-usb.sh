#!/bin/sh
# Runs the tests of USB printers against Linux's own driver: in a virtual machine with Debian's kernel, whose gadget
# driver plays the printer. Needs qemu-system-x86, busybox-static, cpio, and apt to fetch the packages linux-image and
# udev once, into build/usb.
set -eu

cd "$(dirname "$0")/.."
work=$PWD/build/usb
root=$work/root
say() { echo "test-usb: $*" >&2; }

for tool in qemu-system-x86_64 cpio apt-get dpkg-deb ldd; do
	command -v "$tool" >/dev/null || { say "install qemu-system-x86, busybox-static and cpio"; exit 1; }
done

mkdir -p "$work"
if [ ! -e "$work/.ready" ]; then
	image=$(apt-cache depends linux-image-amd64 | sed -n 's/.*Depends: \(linux-image-.*\)/\1/p' | head -n 1)
	say "fetching $image"
	(cd "$work" && apt-get download -qq "$image" udev systemd kmod libkmod2 && for p in *.deb; do dpkg-deb -x "$p" packages; done)
	touch "$work/.ready"
fi
packages=$work/packages
kernel=$(echo "$packages"/boot/vmlinuz-*)

rm -rf "$root"
mkdir -p "$root/bin" "$root/proc" "$root/sys" "$root/dev" "$root/tmp" "$root/modules" "$root/etc/udev/rules.d" \
	"$root/run" "$root/lib/systemd" "$root/usr/lib" "$root/lib64"
cp /bin/busybox "$root/bin/busybox"
for module in configfs usb-common usbcore udc-core libcomposite usb_f_printer dummy_hcd usblp; do
	cp "$(find "$packages/lib/modules" -name "$module.ko")" "$root/modules/"
done
CGO_ENABLED=0 go test -c -o "$root/device.test" ./device
CGO_ENABLED=0 go test -c -o "$root/usbprinter.test" ./device/usbprinter

# udev, with the package's rule.
udev=$packages/bin/udevadm
cp "$udev" "$root/lib/systemd/systemd-udevd"
cp "$udev" "$root/bin/udevadm"
LD_LIBRARY_PATH="$packages/lib/systemd:$packages/usr/lib/systemd:$packages/lib/x86_64-linux-gnu:$packages/usr/lib/x86_64-linux-gnu" \
	ldd "$udev" | grep -o '/[^ ]*' | while read -r library; do
	mkdir -p "$root/lib/x86_64-linux-gnu"
	cp -L "$library" "$root/lib/x86_64-linux-gnu/"
done
cp -L /lib64/ld-linux-x86-64.so.2 "$root/lib64/"
mkdir -p "$root/lib/udev/rules.d"
cp "$packages/lib/udev/rules.d/50-udev-default.rules" "$root/lib/udev/rules.d/"
cp packaging/udev.rules "$root/lib/udev/rules.d/60-infomat.rules"
printf 'root:x:0:0::/:/bin/sh\n' >"$root/etc/passwd"
sed -n 's/^\([^:]*\):[^:]*:\([0-9]*\):.*/\1:x:\2:/p' /usr/share/base-passwd/group.master >"$root/etc/group"

cat >"$root/init" <<'INIT'
#!/bin/busybox sh
export PATH=/bin
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /tmp
mount -t tmpfs tmpfs /run
export LD_LIBRARY_PATH=/lib/x86_64-linux-gnu
for module in usb-common usbcore configfs udc-core libcomposite usb_f_printer dummy_hcd usblp; do
	insmod "/modules/$module.ko" || echo "insmod $module failed"
done
mount -t configfs configfs /sys/kernel/config
/lib/systemd/systemd-udevd --daemon && udevadm trigger && udevadm settle && export INFOMAT_UDEV=1
export INFOMAT_GADGET=1
cd /tmp
code=0
/usbprinter.test -test.v -test.timeout 2m || code=1
/device.test -test.v -test.timeout 3m -test.run 'Gadget' || code=1
dmesg | grep -iE 'usblp|BUG|WARNING' | tail -n 40
echo "test-usb: exit code $code"
poweroff -f
INIT
chmod +x "$root/init"
(cd "$root" && find . | cpio -o -H newc --quiet | gzip -1) >"$work/initrd"

# Emulated, so that it runs on every machine; it takes a minute and a half.
say "starting the virtual machine"
timeout "${TEST_USB_WITHIN:-600}" qemu-system-x86_64 -machine accel=tcg -cpu max -m 1G -smp 2 -nographic -no-reboot \
	-net none -kernel "$kernel" -initrd "$work/initrd" -append "console=ttyS0 panic=-1" </dev/null >"$work/log" 2>&1 || true
grep -E '^ *--- |_test\.go:|^panic|^test-usb' "$work/log" >&2 || true
grep -q '^test-usb: exit code 0' "$work/log" || { say "FAILED: see $work/log"; exit 1; }
grep -q '^--- PASS: TestGadgetPrints' "$work/log" || { say "FAILED: no test has run"; exit 1; }
say "passed"
