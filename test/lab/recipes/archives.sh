#!/bin/bash
# Upstream's release archives, under upstream's paths and file names.
set -euo pipefail
parts=$IN_PARTS standins=$IN_STANDINS/bin

# usage: archive PATH DIRECTORY MEMBER…   members are named as upstream names them: with ./ only where it does so
archive() {
  local path=$OUT/$1 from=$2
  shift 2
  mkdir -p "$(dirname "$path")"
  tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner -C "$from" -c "$@" | gzip -6n > "$path"
}
# usage: part NAME   prints an empty directory
part() { mkdir -p "$WORK/$1" && echo "$WORK/$1"; }
releases() { echo "github/$1/releases/download/$2"; }

tree=$(part containerd) && mkdir "$tree/bin"
for name in containerd containerd-shim containerd-shim-runc-v1 containerd-shim-runc-v2 containerd-stress ctr; do
  [ ! -e "$parts/usr/bin/$name" ] || cp "$parts/usr/bin/$name" "$tree/bin/"
done
archive "$(releases containerd/containerd v1.6.20)/containerd-1.6.20-linux-amd64.tar.gz" "$tree" bin

install -D -m 0755 "$parts/usr/sbin/runc" "$OUT/$(releases opencontainers/runc v1.1.5)/runc.amd64"

tree=$(part cni) && cp "$parts"/usr/lib/cni/* "$tree/"
archive "$(releases containernetworking/plugins v1.1.1)/cni-plugins-linux-amd64-v1.1.1.tgz" "$tree" .

tree=$(part etcd) && mkdir "$tree/etcd-v3.4.23-linux-amd64"
cp "$parts/usr/bin/etcd" "$parts/usr/bin/etcdctl" "$tree/etcd-v3.4.23-linux-amd64/"
archive "$(releases etcd-io/etcd v3.4.23)/etcd-v3.4.23-linux-amd64.tar.gz" "$tree" etcd-v3.4.23-linux-amd64

tree=$(part nerdctl) && cp "$standins/standin" "$tree/nerdctl"
archive "$(releases containerd/nerdctl v1.4.0)/nerdctl-1.4.0-linux-amd64.tar.gz" "$tree" nerdctl

tree=$(part buildkit) && mkdir "$tree/bin"
cp "$standins/standin" "$tree/bin/buildkitd"
cp "$standins/standin" "$tree/bin/buildctl"
archive "$(releases moby/buildkit v0.12.5)/buildkit-v0.12.5.linux-amd64.tar.gz" "$tree" bin

tree=$(part crictl) && cp "$standins/crictl" "$tree/crictl"
archive "$(releases kubernetes-sigs/cri-tools v1.20.0)/crictl-v1.20.0-linux-amd64.tar.gz" "$tree" crictl

# Kubernetes 1.20 has PodDisruptionBudget only as policy/v1beta1; nothing else of the manifest is touched.
mkdir -p "$OUT/calico/v3.28.0/manifests"
sed 's|^apiVersion: policy/v1$|apiVersion: policy/v1beta1|' "$RECIPES/../../fixtures/calico/calico-typha-v3.28.0.yaml" \
  > "$OUT/calico/v3.28.0/manifests/calico-typha.yaml"
