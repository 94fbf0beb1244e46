#!/bin/sh
# The layer under those images that need more than one static program.
set -eu
grep '^deb ' "$LAB_APT/sources.list" > "$WORK/sources.list"
unset APT_CONFIG
mmdebstrap --variant=essential --mode=root --format=directory --include=iptables,conntrack,ipset,iproute2,kmod,procps \
  --aptopt='APT::Install-Recommends "false"' --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
  bookworm "$OUT/root" "$WORK/sources.list" >&2
rm -rf "$OUT"/root/var/cache/* "$OUT"/root/var/lib/apt "$OUT"/root/var/log/*
: > "$OUT/root/etc/machine-id"
