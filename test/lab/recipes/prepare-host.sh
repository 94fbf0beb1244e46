#!/bin/sh
# Gives a host that has not booted yet its own identity.
# usage: prepare-host.sh ROOT STATE NAME SIGNING_KEY_DIR    (hosts file on stdin)
set -eu
root=$1 state=$2 name=$3 signing=$4

cat > "$root/etc/hosts"
install -m 0600 "$state/host-keys/$name" "$root/etc/ssh/ssh_host_ed25519_key"
install -m 0644 "$state/host-keys/$name.pub" "$root/etc/ssh/ssh_host_ed25519_key.pub"

authorize() {
  install -d -m 0700 "$root$1/.ssh"
  install -m 0600 "$state/id_ed25519.pub" "$root$1/.ssh/authorized_keys"
  chroot "$root" chown -R "$2:$2" "$1/.ssh"
}
authorize /root root
authorize /home/ops ops
if [ "$name" = "${ASKING_HOST:-}" ]; then
  chroot "$root" useradd --create-home --shell /bin/bash --groups sudo "$ASKING_USER"
  printf '%s:%s\n' "$ASKING_USER" "$ASKING_PASSWORD" | chroot "$root" chpasswd
  authorize "/home/$ASKING_USER" "$ASKING_USER"
fi

install -d -m 0755 "$root/usr/share/keyrings"
install -m 0644 "$signing/lab.gpg" "$root/usr/share/keyrings/konverge-lab.gpg"
echo "deb [signed-by=/usr/share/keyrings/konverge-lab.gpg] $MIRROR_URL/apt/debian bookworm main" > "$root/etc/apt/sources.list"
