#!/bin/bash
# Everything the mirror serves over HTTP, with its sums. Hard links: the same files, one directory.
set -euo pipefail
mkdir -p "$OUT/www/apt"
cp -al "$IN_DEBIAN/." "$OUT/www/apt/"
cp -al "$IN_PACKAGES/." "$OUT/www/"
cp -al "$IN_ARCHIVES/." "$OUT/www/"
cd "$OUT/www"
find . -type f ! -path './apt/debian/pool/*' -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' sha256sum > "$WORK/sums"
mv "$WORK/sums" SHA256SUMS
{
  echo '{'
  sed 's/^\([0-9a-f]*\)  \(.*\)$/  "\2": "\1",/; $ s/,$//' SHA256SUMS
  echo '}'
} > lab-lock.json
