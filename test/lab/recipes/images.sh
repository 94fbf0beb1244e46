#!/bin/bash
# A docker-registry storage directory with every image of the cluster, one line of `images` per image.
set -euo pipefail
kubernetes=$IN_KUBERNETES/bin standin=$IN_STANDINS/bin/standin

pack() { # NAME DIRECTORY
  tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner --xattrs -C "$2" -c . | gzip -6n > "$WORK/$1.layer"
}
layer() { # NAME FILE PATH [FILE PATH]…
  local name=$1 tree=$WORK/$1.tree
  shift
  mkdir -p "$tree" && mkdir -m 1777 "$tree/tmp"
  while [ $# -gt 0 ]; do install -D -m 0755 "$1" "$tree/$2" && shift 2; done
  pack "$name" "$tree"
}
image() { # NAME TAG USER ENTRYPOINT LAYER…
  local name=$1 tag=$2 user=$3 entrypoint=$4
  shift 4
  printf '%s\n' "$name|$tag|$user|$entrypoint|$*" >> "$WORK/images"
}

cp -a "$IN_BASE/root" "$WORK/base.root"
pack base "$WORK/base.root"

for name in kube-apiserver kube-controller-manager kube-scheduler; do
  layer "$name" "$kubernetes/$name" "usr/local/bin/$name"
  image "$name" v1.20.2 '' "/usr/local/bin/$name" "$name"
done
layer kube-proxy "$kubernetes/kube-proxy" usr/local/bin/kube-proxy
image kube-proxy v1.20.2 '' /usr/local/bin/kube-proxy base kube-proxy

layer etcd "$IN_PARTS/usr/bin/etcd" usr/local/bin/etcd "$IN_PARTS/usr/bin/etcdctl" usr/local/bin/etcdctl
image etcd 3.4.13-0 '' /usr/local/bin/etcd base etcd

layer pause "$IN_STANDINS/bin/pause" pause
image pause 3.2 65535 /pause pause

layer coredns "$standin" coredns
image coredns 1.7.0 '' /coredns coredns

layer calico-cni "$standin" opt/cni/bin/install "$standin" opt/cni/bin/calico-ipam
image calico/cni v3.28.0 '' /opt/cni/bin/install calico-cni
layer calico-node "$standin" bin/calico-node
image calico/node v3.28.0 '' /bin/calico-node base calico-node
layer calico-controllers "$standin" usr/bin/kube-controllers "$standin" usr/bin/check-status
image calico/kube-controllers v3.28.0 999 /usr/bin/kube-controllers calico-controllers
layer calico-typha "$standin" usr/bin/calico-typha
image calico/typha v3.28.0 999 /usr/bin/calico-typha calico-typha

node --import tsx "$RECIPES/registry-storage.ts" "$WORK/images" "$WORK" "$OUT" >&2
