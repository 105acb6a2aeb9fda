#!/bin/sh
# packaging/machine/test.sh short|whole|open PACKAGE... tests the packages on a whole machine, as root. It installs QEMU and what
# makes a disk. Where that cannot be done the short form says so and succeeds; the others fail. PARTS, a pattern, chooses
# parts of a form, such as: PARTS='Hub|Sticks'.
set -eu

cd "$(dirname "$0")/../.."
form=$1
shift
say() { echo "test-machine: $*" >&2; }

# impossible REASON... ends the test where it cannot be run.
impossible() {
	say "NOT RUN: $*"
	[ "$form" = short ]
	exit
}

[ "$(id -u)" = 0 ] || impossible "making a disk needs root"
packages=''
for tool in qemu-system-x86_64:qemu-system-x86 qemu-img:qemu-utils mmdebstrap:mmdebstrap mke2fs:e2fsprogs \
	mkfs.vfat:dosfstools mcopy:mtools openssl:openssl; do
	command -v "${tool%:*}" >/dev/null || packages="$packages ${tool#*:}"
done
if [ -n "$packages" ]; then
	say "installing$packages"
	# shellcheck disable=SC2086 # a list of words
	if ! { apt-get update -qq && env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
		$packages; } >/dev/null 2>&1; then
		impossible "these packages cannot be installed:$packages"
	fi
fi

packaging/machine/debian.sh "$@" || impossible "a Debian cannot be made here"

TZ=Asia/Yekaterinburg INFOMAT_MACHINE=$form INFOMAT_MACHINE_PACKAGES="$(realpath "$@" | paste -sd ' ')" \
	go test -count 1 -v -timeout 3h -run "^Test(Short|Whole|Open)\$/(${PARTS:-.})" ./packaging/machine
say "passed; the pictures are in build/machine/pictures"
