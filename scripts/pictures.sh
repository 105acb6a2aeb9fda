#!/bin/sh
# Plays one patient on a virtual display and saves the pictures that the README shows.
set -eu

program=$1
to=docs/pictures
from=$(mktemp -d)
trap 'rm -rf "$from"' EXIT

scripts/xvfb.sh "$program" demo --walk "$from" --size 1080x1920
mkdir -p "$to"
for screen in welcome speciality time ticket; do
	cp "$from"/*-"$screen.png" "$to/$screen.png"
done
cp "$from/ticket.png" "$to/paper.png"

# The pictures of docs/operations.md.
scripts/xvfb.sh "$program" demo --technician "$from" --size 1080x1920
for page in keypad menu checks printer-ticket; do
	cp "$from/service-$page.png" "$to/service-$page.png"
done
