#!/bin/sh
# usage: sign-release.sh DIR SIGNING_KEY_DIR    signs DIR/Release, in both of the forms that apt reads
set -eu
home=$(mktemp -d)
trap 'GNUPGHOME="$home" gpgconf --kill all; rm -rf "$home"' EXIT
cp -a "$2/gnupg/." "$home"
chmod 0700 "$home"
sign() { gpg --homedir "$home" --batch --quiet --yes --pinentry-mode loopback --passphrase '' "$@"; }
sign --clearsign --output "$1/InRelease" "$1/Release"
sign --armor --detach-sign --output "$1/Release.gpg" "$1/Release"
