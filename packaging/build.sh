#!/bin/sh
# packaging/build.sh VERSION TAGS builds the Debian packages from build/hardened/infomat and packaging/lockdown:
# build/infomat_VERSION_ARCH.deb and build/infomat-lockdown_VERSION_all.deb, and prints their names. All times in them are
# that of the last commit, so that the same commit gives the same bytes. If INFOMAT_SIGNING_KEY names a file with a PGP
# key, both are signed.
set -eu

cd "$(dirname "$0")/.."
version=$1
tags=$2
stage=build/deb
program=build/hardened/infomat
ARCH=$(go env GOARCH)
VERSION=$version
INFOMAT_SIGNING_KEY=${INFOMAT_SIGNING_KEY:-}
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export ARCH VERSION INFOMAT_SIGNING_KEY SOURCE_DATE_EPOCH

rm -rf "$stage"
mkdir -p "$stage"
gzip -9 -n -c packaging/infomat.1 >"$stage/infomat.1.gz"
gzip -9 -n -c packaging/lockdown/infomat-lockdown.8 >"$stage/infomat-lockdown.8.gz"
gzip -9 -n -c CHANGELOG.md >"$stage/CHANGELOG.md.gz"
date=$(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")
printf 'infomat (%s) stable; urgency=medium\n\n  * See CHANGELOG.md.\n\n -- Infomat <infomat@example.org>  %s\n' \
	"$version" "$date" | gzip -9 -n >"$stage/changelog.gz"
scripts/notices.sh "$tags" >"$stage/notices"
gzip -9 -n -c "$stage/notices" >"$stage/third-party-notices.gz"
scripts/sbom.sh "$program" "$version" >"$stage/sbom.cdx.json"
gzip -9 -n "$stage/sbom.cdx.json"

# The settings are the program's own template with the package's paths filled in, so that no key is missing.
set_default() {
	sed -i "s|^$1 = \"$2\" *|$1 = \"$3\" |" "$stage/infomat.toml"
	grep -q "^$1 = \"$3\"" "$stage/infomat.toml" || {
		echo "build.sh: the template has no $1 = \"$2\"" >&2
		exit 1
	}
}
"$program" config init >"$stage/infomat.toml"
set_default port /dev/ttyUSB0 /dev/infomat-printer
set_default pin_file "" /var/lib/infomat/pin
set_default path "" /var/lib/infomat/journal.db

package=build/infomat_${version}_$ARCH.deb
umask 022
go tool -modfile=tools/go.mod nfpm package --config packaging/nfpm.yaml --packager deb \
	--target "$package" >&2

# What closes the computer around it.
printf 'infomat-lockdown (%s) stable; urgency=medium\n\n  * See the changelog of infomat.\n\n -- Infomat <infomat@example.org>  %s\n' \
	"$version" "$date" | gzip -9 -n >"$stage/changelog-lockdown.gz"
lockdown=build/infomat-lockdown_${version}_all.deb
go tool -modfile=tools/go.mod nfpm package --config packaging/nfpm-lockdown.yaml --packager deb \
	--target "$lockdown" >&2
echo "$package"
echo "$lockdown"
