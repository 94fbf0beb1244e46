#!/bin/bash
# What Debian packages as binaries, unpacked: the parts of upstream's release archives and of the images.
set -euo pipefail
mkdir -p "$WORK/debs" "$OUT"
cd "$WORK/debs"
apt-get download containerd runc containernetworking-plugins etcd-server etcd-client >&2
for deb in *.deb; do dpkg-deb -x "$deb" "$OUT"; done
