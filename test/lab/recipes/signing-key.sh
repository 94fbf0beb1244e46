#!/bin/sh
# The key that signs the lab's package repositories. It is worth nothing outside the lab and never leaves the cache.
set -eu
export GNUPGHOME=$OUT/gnupg
mkdir -m 0700 "$GNUPGHOME"
gpg --batch --quiet --passphrase '' --quick-generate-key 'konverge lab <lab@konverge.invalid>' rsa3072 sign never >&2
gpg --batch --export > "$OUT/lab.gpg"
gpg --batch --armor --export > "$OUT/lab.asc"
gpgconf --kill all
