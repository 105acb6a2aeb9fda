#!/bin/sh
# packaging/check.sh VERSION TAGS checks the packages without installing them; run it after `make deb`. The program must be
# hardened, every module that is linked into it must have its licence and its line in the list of parts, the packages
# must come out the same when they are built again, and signed where there is a key.
set -eu

cd "$(dirname "$0")/.."
version=$1
tags=$2
package=build/infomat_${version}_$(dpkg --print-architecture).deb
lockdown=build/infomat-lockdown_${version}_all.deb
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
	echo "check: $*" >&2
	exit 1
}

dpkg-deb -x "$package" "$work/root"
program=$work/root/usr/bin/infomat
docs=$work/root/usr/share/doc/infomat
readelf -hW "$program" | grep -qE 'Type: +DYN' || fail "the program is not position-independent"
readelf -dW "$program" | grep -qE 'BIND_NOW|FLAGS_1.*NOW' || fail "symbols are bound when they are used"
readelf -lW "$program" | grep -q GNU_RELRO || fail "the tables of symbols stay writable"
readelf -lW "$program" | grep -qE 'GNU_STACK.* RW ' || fail "the stack can be executed"

# The program itself says what is linked into it.
go version -m "$program" | awk '$1 == "dep" { print $2, $3 }' >"$work/linked"
[ "$(wc -l <"$work/linked")" -gt 20 ] || fail "the program does not say what is linked into it"
gzip -dc "$docs/third-party-notices.gz" >"$work/notices"
gzip -dc "$docs/sbom.cdx.json.gz" | jq -r '.components[] | .name + " " + .version' >"$work/sbom"
while read -r module; do
	grep -qxF "$module" "$work/notices" || fail "no licence of $module"
	grep -qxF "$module" "$work/sbom" || fail "$module is not in the list of parts"
done <"$work/linked"
grep -q '^--- NOTICE' "$work/notices" || fail "no notice travels"
[ -s "$docs/copyright" ] && [ -s "$docs/NOTICE" ] || fail "no copyright"

# Built again, at another time of the files, in another zone, with another mask.
before=$(cat "$package" "$lockdown" | sha256sum)
find packaging assets docs/*.md -type f -exec touch {} +
(umask 077 && TZ=Asia/Kamchatka LC_ALL=C packaging/build.sh "$version" "$tags" >/dev/null)
[ "$before" = "$(cat "$package" "$lockdown" | sha256sum)" ] || fail "built again, the packages have other bytes"

# Signed by a key of this test, and then as they were.
GNUPGHOME=$work/gnupg
export GNUPGHOME
mkdir -m 700 "$GNUPGHOME" "$work/unsigned"
gpg -q --batch --passphrase '' --quick-generate-key check@infomat.example rsa2048 sign never
gpg -q --batch --export-secret-keys --armor >"$work/key.asc"
cp "$package" "$lockdown" "$work/unsigned"
INFOMAT_SIGNING_KEY=$work/key.asc packaging/build.sh "$version" "$tags" >/dev/null
for signed in "$package" "$lockdown"; do
	(
		mkdir "$work/signed" && cp "$signed" "$work/signed/it.deb" && cd "$work/signed"
		ar x it.deb
		[ -s _gpgorigin ] || fail "$signed is not signed"
		cat debian-binary control.tar.* data.tar.* | gpg -q --batch --verify _gpgorigin - 2>/dev/null ||
			fail "the signature is not that of $signed"
	)
	rm -r "$work/signed"
done
cp "$work/unsigned"/* build/
for unsigned in "$package" "$lockdown"; do
	ar t "$unsigned" | grep -q _gpg && fail "$unsigned is signed without a key"
done
gpgconf --kill gpg-agent
echo "check: the packages are hardened, complete, the same when they are built again, and can be signed" >&2
