#!/bin/sh
# Starts the demo in a window. Without a display it plays one patient on a virtual one and prints
# where the pictures are.
set -eu

program=$1
pictures=build/walk

if [ -n "${DISPLAY:-}" ] && { ! command -v xdpyinfo >/dev/null 2>&1 || xdpyinfo >/dev/null 2>&1; }; then
	exec "$program" demo
fi
echo "There is no display here: playing one patient on a virtual one." >&2
rm -rf "$pictures"
scripts/xvfb.sh "$program" demo --walk "$pictures" --size 1080x1920
echo "The pictures of all screens and of the ticket are in $pictures:" >&2
ls "$pictures"
