#!/bin/sh
# What makes the installed system a good image: nothing of it may be shared by two hosts.
set -eu
root=$1
# Empty, not absent: systemd then makes one per host at the first boot. A shared id gives every host the same MAC address.
: > "$root/etc/machine-id"
rm -f "$root/var/lib/dbus/machine-id" "$root"/etc/ssh/ssh_host_* "$root/etc/apt/sources.list"
rm -rf "$root/etc/apt/sources.list.d" "$root/var/cache/apt/archives"
mkdir -p "$root/etc/apt/sources.list.d" "$root/var/cache/apt/archives/partial"

chroot "$root" useradd --create-home --shell /bin/bash ops
echo 'ops ALL=(ALL:ALL) NOPASSWD: ALL' > "$root/etc/sudoers.d/ops"
chmod 0440 "$root/etc/sudoers.d/ops"
chroot "$root" systemctl enable ssh >/dev/null 2>&1
# No consoles and no devices of its own in a container.
chroot "$root" systemctl mask getty.target console-getty.service systemd-udevd.service systemd-firstboot.service >/dev/null 2>&1

# Work that starts by itself at some hour would make two runs of a test differ.
chroot "$root" systemctl disable apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer fstrim.timer >/dev/null 2>&1

# All hosts share the machine's clock: chronyd may watch it and serve it here, never set it.
mkdir -p "$root/usr/lib/systemd/system/chrony.service.d"
cat > "$root/usr/lib/systemd/system/chrony.service.d/50-lab-shared-clock.conf" <<'UNIT'
[Service]
ExecStart=
ExecStart=!/usr/sbin/chronyd -x -F 1
UNIT
