#!/bin/bash
# A signed repository with the Debian packages that konverge's roles install, and everything these depend on.
set -euo pipefail
packages=(
  chrony haproxy keepalived conntrack socat iptables ethtool ipset ipvsadm ebtables arptables nftables iproute2 bridge-utils
  curl wget ca-certificates gnupg gpg openssl tar gzip bzip2 xz-utils zstd unzip kmod procps psmisc tzdata rsync busybox dash bash
  systemd-sysv dbus libpam-systemd openssh-server sudo iputils-ping netbase less cron logrotate mount util-linux e2fsprogs
  apt-transport-https lsof tcpdump netcat-openbsd jq ufw nfs-common firewalld
)
repository=$OUT/debian
pool=$repository/pool/main
mkdir -p "$pool/partial"
# With nothing counted as installed the whole closure is fetched, so that a host of any age finds what it needs.
: > "$WORK/status"
for package in "${packages[@]}"; do
  apt-get install --yes --download-only --no-install-recommends -o "Dir::State::status=$WORK/status" \
    -o "Dir::Cache::archives=$pool" -o Debug::NoLocking=true "$package" >&2
done
(cd "$pool" && apt-get download systemd-timesyncd >&2)
rm -rf "$pool/partial" "$pool/lock"

cd "$repository"
index=dists/bookworm/main/binary-amd64
mkdir -p "$index"
apt-ftparchive packages pool > "$index/Packages"
gzip -9nk "$index/Packages"
apt-ftparchive -o APT::FTPArchive::Release::Origin=Debian -o APT::FTPArchive::Release::Label='konverge lab' \
  -o APT::FTPArchive::Release::Suite=stable -o APT::FTPArchive::Release::Codename=bookworm \
  -o APT::FTPArchive::Release::Architectures=amd64 -o APT::FTPArchive::Release::Components=main \
  release dists/bookworm > "$WORK/Release"
mv "$WORK/Release" dists/bookworm/Release
sh "$RECIPES/sign-release.sh" "$repository/dists/bookworm" "$IN_SIGNING"
cp "$IN_SIGNING/lab.gpg" "$OUT/debian.gpg"
