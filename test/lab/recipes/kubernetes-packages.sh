#!/bin/bash
# The packages of pkgs.k8s.io's flat repository, under the same names, with the same files in the same places.
set -euo pipefail
version=1.20.2-1.1
repository="$OUT/kubernetes/core:/stable:/v1.20/deb"
mkdir -p "$repository/amd64"

# usage: package NAME VERSION DEPENDS DESCRIPTION   (files in $WORK/NAME)
package() {
  local tree=$WORK/$1
  mkdir -p "$tree/DEBIAN"
  {
    echo "Package: $1"
    echo "Version: $2"
    echo 'Architecture: amd64'
    echo 'Maintainer: konverge lab <lab@konverge.invalid>'
    [ -z "$3" ] || echo "Depends: $3"
    echo 'Section: admin'
    echo 'Priority: optional'
    echo 'Homepage: https://kubernetes.io'
    echo "Description: $4"
  } > "$tree/DEBIAN/control"
  dpkg-deb --build --root-owner-group -Zgzip -z1 "$tree" "$repository/amd64/$1_$2_amd64.deb" >&2
}

install -D -m 0755 "$IN_KUBERNETES/bin/kubectl" "$WORK/kubectl/usr/bin/kubectl"
package kubectl "$version" '' 'Command-line utility for interacting with a Kubernetes cluster'

install -D -m 0755 "$IN_KUBERNETES/bin/kubelet" "$WORK/kubelet/usr/bin/kubelet"
install -D -m 0644 "$RECIPES/packages/kubelet.service" "$WORK/kubelet/usr/lib/systemd/system/kubelet.service"
mkdir -p "$WORK/kubelet/etc/kubernetes/manifests" "$WORK/kubelet/DEBIAN"
install -m 0755 "$RECIPES/packages/kubelet.postinst" "$WORK/kubelet/DEBIAN/postinst"
package kubelet "$version" \
  'iptables (>= 1.4.21), kubernetes-cni (>= 0.8.7), iproute2, socat, util-linux, mount, ebtables, ethtool, conntrack' \
  'Node agent for Kubernetes clusters'

install -D -m 0755 "$IN_KUBERNETES/bin/kubeadm" "$WORK/kubeadm/usr/bin/kubeadm"
install -D -m 0644 "$RECIPES/packages/10-kubeadm.conf" \
  "$WORK/kubeadm/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf"
package kubeadm "$version" 'kubelet (>= 1.13.0), kubectl (>= 1.13.0), kubernetes-cni (>= 0.8.6), cri-tools (>= 1.13.0)' \
  'Command-line utility for administering a Kubernetes cluster'

install -D -m 0755 "$IN_STANDINS/bin/crictl" "$WORK/cri-tools/usr/bin/crictl"
package cri-tools 1.20.0-1.1 '' 'STAND-IN for crictl: a script over ctr'

mkdir -p "$WORK/kubernetes-cni/opt/cni/bin"
cp "$IN_PARTS"/usr/lib/cni/* "$WORK/kubernetes-cni/opt/cni/bin/"
package kubernetes-cni 1.1.1-2.1 '' 'Binaries required to provision container networking'

cd "$repository"
apt-ftparchive packages . | sed 's|^Filename: \./|Filename: |' > Packages
gzip -9nk Packages
apt-ftparchive -o APT::FTPArchive::Release::Origin='obs://build.opensuse.org/isv:kubernetes:core:stable:v1.20/deb' \
  -o APT::FTPArchive::Release::Label='isv:kubernetes:core:stable:v1.20' release . > "$WORK/Release"
mv "$WORK/Release" Release
sh "$RECIPES/sign-release.sh" "$repository" "$IN_SIGNING"
cp "$IN_SIGNING/lab.asc" Release.key
