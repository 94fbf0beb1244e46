#!/bin/sh
# The root file system of the mirror: a web server, docker-registry and a time server.
set -eu
grep '^deb ' "$LAB_APT/sources.list" > "$WORK/sources.list"
unset APT_CONFIG
mmdebstrap --variant=minbase --mode=root --format=tar --include=nginx-light,docker-registry,chrony \
  --aptopt='APT::Install-Recommends "false"' --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
  --customize-hook='mkdir -p "$1/lab" "$1/srv/www" "$1/srv/registry"' \
  --customize-hook='copy-in '"$RECIPES/mirror/nginx.conf $RECIPES/mirror/registry.yml"' /lab' \
  --customize-hook='copy-in '"$RECIPES/mirror/chrony.conf $RECIPES/mirror/serve.sh"' /lab' \
  bookworm "$OUT/rootfs.tar" "$WORK/sources.list" >&2
