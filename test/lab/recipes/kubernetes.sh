#!/bin/bash
# Kubernetes 1.20.2, compiled from Debian's source package (which carries its vendor tree).
set -euo pipefail
version=1.20.2
work=$WORK/kubernetes
rm -rf "$work"
mkdir -p "$work/gopath/src/k8s.io" "$work/debs"
cd "$work"

apt-get source --download-only --only-source kubernetes >&2
dpkg-source --no-check -x kubernetes_*.dsc gopath/src/k8s.io/kubernetes >&2

# The vendored copies reach into the Go runtime in a way that Go >= 1.18 answers with a panic; Debian's do not.
(cd debs && apt-get download golang-github-json-iterator-go-dev golang-github-modern-go-reflect2-dev >&2)
for deb in debs/*.deb; do dpkg-deb -x "$deb" "$work/dev"; done
tree=$work/gopath/src/k8s.io/kubernetes
for lib in json-iterator/go modern-go/reflect2; do
  rm -rf "$tree/vendor/github.com/$lib"
  mkdir -p "$tree/vendor/github.com/$(dirname "$lib")"
  cp -rL "$work/dev/usr/share/gocode/src/github.com/$lib" "$tree/vendor/github.com/$lib"
  find "$tree/vendor/github.com/$lib" -name '*_test.go' -delete
done

cd "$tree"
# kubeadm 1.20.2 asks for ephemeral storage for etcd. A kubelet whose node has not yet reported any refuses the pod for
# good, and a joining control plane has then already cost the cluster its quorum; later patch releases do not ask.
manifest=cmd/kubeadm/app/phases/etcd/local.go
grep -q 'v1.ResourceEphemeralStorage:' "$manifest"
sed -i '/v1.ResourceEphemeralStorage:/d' "$manifest"

export PATH=/usr/lib/go-1.19/bin:$PATH GOPATH=$work/gopath GO111MODULE=off GOFLAGS='' CGO_ENABLED=0
export GOCACHE=$work/go-build HOME=$work KUBE_GIT_VERSION_FILE=$work/version
cat > "$KUBE_GIT_VERSION_FILE" <<VERSION
KUBE_GIT_COMMIT='konverge-lab'
KUBE_GIT_TREE_STATE='clean'
KUBE_GIT_VERSION='v$version'
KUBE_GIT_MAJOR='1'
KUBE_GIT_MINOR='20'
VERSION
export KUBE_BUILD_PLATFORMS=linux/amd64

nice make generated_files >&2
ldflags='-s -w'
for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
  for pair in gitVersion=v$version gitMajor=1 gitMinor=20 gitTreeState=clean gitCommit=konverge-lab buildDate=2021-01-13T13:20:00Z; do
    ldflags="$ldflags -X k8s.io/kubernetes/vendor/$package.$pair -X $package.$pair"
  done
done
mkdir -p "$OUT/bin"
nice go build -ldflags "$ldflags" -o "$OUT/bin/" \
  ./cmd/{kubeadm,kubectl,kube-apiserver,kube-controller-manager,kube-scheduler,kube-proxy,kubelet} >&2
"$OUT/bin/kubeadm" version -o short | grep -qx "v$version"
