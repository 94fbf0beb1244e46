#!/bin/sh
# The root file system of a lab host: Debian 12 as a minimal server installation leaves it, and nothing of Kubernetes.
set -eu
packages=systemd-sysv,systemd-timesyncd,dbus,libpam-systemd,openssh-server,sudo,iproute2,iputils-ping,procps,kmod,ca-certificates
packages=$packages,gpgv,less,netbase,tzdata,util-linux,mount,login,passwd,ncurses-base,e2fsprogs,cron,logrotate,nftables
sources=$WORK/host-sources.list
grep '^deb ' "$LAB_APT/sources.list" > "$sources"
unset APT_CONFIG
mkdir -p "$OUT"
mmdebstrap --variant=minbase --mode=root --format=tar --include="$packages" \
  --aptopt='APT::Install-Recommends "false"' \
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
  --customize-hook='sh "$RECIPES/rootfs-customize.sh" "$1"' \
  bookworm "$OUT/rootfs.tar" "$sources" >&2
