#!/bin/sh
# packaging/build.sh VERSION builds the Debian packages from build/infomat: it writes build/infomat_VERSION_ARCH.deb and
# infomat-lockdown_VERSION_all.deb, and prints their names.
set -eu

cd "$(dirname "$0")/.."
version=$1
stage=build/deb
ARCH=$(go env GOARCH)
VERSION=$version
export ARCH VERSION

rm -rf "$stage"
mkdir -p "$stage"
gzip -9 -n -c packaging/infomat.1 >"$stage/infomat.1.gz"
gzip -9 -n -c CHANGELOG.md >"$stage/CHANGELOG.md.gz"
date=$(git log -1 --format=%cD 2>/dev/null || date -R)
printf 'infomat (%s) stable; urgency=medium\n\n  * See CHANGELOG.md.\n\n -- Infomat <infomat@example.org>  %s\n' \
	"$version" "$date" | gzip -9 -n >"$stage/changelog.gz"

# The settings are the program's own template with the package's paths filled in, so that no key is missing.
set_default() {
	sed -i "s|^$1 = \"$2\" *|$1 = \"$3\" |" "$stage/infomat.toml"
	grep -q "^$1 = \"$3\"" "$stage/infomat.toml" || {
		echo "build.sh: the template has no $1 = \"$2\"" >&2
		exit 1
	}
}
build/infomat config init >"$stage/infomat.toml"
set_default port /dev/ttyUSB0 /dev/infomat-printer
set_default pin_file "" /var/lib/infomat/pin
set_default path "" /var/lib/infomat/journal.db

package=build/infomat_${version}_$ARCH.deb
umask 022
go run github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.44.2 package --config packaging/nfpm.yaml --packager deb \
	--target "$package" >&2

# What closes the computer around it.
printf 'infomat-lockdown (%s) stable; urgency=medium\n\n  * See the changelog of infomat.\n\n -- Infomat <infomat@example.org>  %s\n' \
	"$version" "$date" | gzip -9 -n >"$stage/changelog-lockdown.gz"
lockdown=build/infomat-lockdown_${version}_all.deb
go run github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.44.2 package --config packaging/nfpm-lockdown.yaml --packager deb \
	--target "$lockdown" >&2
echo "$package"
echo "$lockdown"
