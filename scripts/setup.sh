#!/bin/sh
# Installs what building and testing need on Debian 12, and only what is missing. Prints what it installs, and
# nothing if nothing is missing.
set -eu

need_go=1.26
packages=''

# want PACKAGE TEST... adds the package to the missing ones if the test fails.
want() {
	package=$1
	shift
	"$@" >/dev/null 2>&1 || packages="$packages $package"
}

want gcc command -v gcc
want make command -v make
want git command -v git
want pkg-config command -v pkg-config
want libgl1-mesa-dev test -e /usr/include/GL/gl.h
want libgl1-mesa-dri sh -c 'ls /usr/lib/*/dri/*_dri.so'
for header in X11/Xlib.h X11/extensions/Xrandr.h X11/Xcursor/Xcursor.h X11/extensions/Xinerama.h \
	X11/extensions/XInput2.h X11/extensions/xf86vmode.h; do
	if ! test -e "/usr/include/$header"; then
		packages="$packages xorg-dev"
		break
	fi
done
want xvfb command -v Xvfb
want xauth command -v xauth
want xserver-xephyr command -v Xephyr
want x11-xserver-utils command -v xrandr
want zbar-tools command -v zbarimg
want openssl command -v openssl
want jq command -v jq
want nodejs command -v node
want npm command -v npm

if [ -n "$packages" ]; then
	echo "setup: installing$packages" >&2
	as_root=''
	if [ "$(id -u)" != 0 ]; then
		as_root=sudo
	fi
	$as_root apt-get update -qq
	# shellcheck disable=SC2086 # a list of words
	$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null
fi

if ! command -v go >/dev/null 2>&1; then
	echo "setup: Go is missing. Install Go $need_go or newer from https://go.dev/dl and add its bin folder to PATH." >&2
	exit 1
fi
have=$(go env GOVERSION | sed 's/^go//; s/[^0-9.].*//')
if [ "$(printf '%s\n%s\n' "$need_go" "$have" | sort -V | head -n 1)" != "$need_go" ]; then
	echo "setup: Go $have is too old: $need_go or newer is needed, see https://go.dev/dl." >&2
	exit 1
fi
