#!/bin/sh
# STAND-IN for crictl 1.20.0: the few commands that kubeadm and konverge use, answered through containerd's own ctr.
set -u
socket=/run/containerd/containerd.sock
config=/etc/crictl.yaml
quiet=''

while :; do
  case ${1-} in
    -r | --runtime-endpoint | -i | --image-endpoint) socket=${2#unix://}; shift 2 ;;
    --runtime-endpoint=* | --image-endpoint=* | -r=* | -i=*) socket=${1#*=}; socket=${socket#unix://}; shift ;;
    -c | --config) config=$2; shift 2 ;;
    --config=*) config=${1#*=}; shift ;;
    -t | --timeout) shift 2 ;;
    -D | --debug | --timeout=*) shift ;;
    --version | -v) echo 'crictl version 1.20.0'; exit 0 ;;
    *) break ;;
  esac
done
if [ -r "$config" ]; then
  configured=$(sed -n 's/^runtime-endpoint: *"\{0,1\}\(unix:\/\/\)\{0,1\}\([^"]*\)"\{0,1\} *$/\2/p' "$config")
  [ -z "$configured" ] || socket=$configured
fi

ctr=$(command -v ctr || echo /usr/local/bin/ctr)
call() { "$ctr" --address "$socket" --namespace k8s.io "$@"; }
die() { echo "crictl (konverge lab stand-in): $*" >&2; exit 1; }
# docker.io/library is left out by people, never by containerd.
full() {
  case $1 in
    *.*/* | *:*/* | localhost/*) name=$1 ;;
    */*) name=docker.io/$1 ;;
    *) name=docker.io/library/$1 ;;
  esac
  case ${name##*/} in *:* | *@*) ;; *) name=$name:latest ;; esac
  printf '%s\n' "$name"
}
containers() { call containers list 2>/dev/null | awk 'NR > 1 { print $1, $2 }'; }
is_sandbox() { call containers info "$1" 2>/dev/null | grep -q '"io.cri-containerd.kind": "sandbox"'; }
# The sandbox and the containers of its pod.
same_pod() {
  uid=$(call containers info "$1" 2>/dev/null | sed -n 's/.*"io.kubernetes.pod.uid": "\([^"]*\)".*/\1/p' | head -n 1)
  [ -z "$uid" ] || call containers list -q "labels.\"io.kubernetes.pod.uid\"==$uid"
}
# Not --all: runc looks for the processes in the devices cgroup, where on these hosts there are none.
end() { call tasks kill --signal SIGKILL "$1" >/dev/null 2>&1; sleep 1; call tasks delete "$1" >/dev/null 2>&1; }
forget() { call containers delete "$1" >/dev/null 2>&1; }
sandboxes() { containers | while read -r id _; do ! is_sandbox "$id" || echo "$id"; done; }

command=${1-}
[ $# -eq 0 ] || shift
for word in "$@"; do case $word in -q | --quiet | -aq | -qa) quiet=1 ;; esac; done
target=''
for word in "$@"; do case $word in -*) ;; *) target=$word ;; esac; done

case $command in
  version)
    server=$(call version 2>/dev/null | awk '/^Server/ { seen = 1 } seen && /Version:/ { print $2; exit }')
    [ -n "$server" ] || die "cannot connect to $socket"
    printf 'Version:  0.1.0\nRuntimeName:  containerd\nRuntimeVersion:  %s\nRuntimeApiVersion:  v1alpha2\n' "$server" ;;
  info)
    call version >/dev/null 2>&1 || die "cannot connect to $socket"
    call plugins list 2>/dev/null | grep -q 'io.containerd.grpc.v1 .*cri .* ok' ||
      die 'rpc error: code = Unimplemented desc = unknown service runtime.v1alpha2.RuntimeService'
    network=false
    ls /etc/cni/net.d/*.conf* >/dev/null 2>&1 && network=true
    cat <<JSON
{
  "status": {
    "conditions": [
      { "type": "RuntimeReady", "status": true, "reason": "", "message": "" },
      { "type": "NetworkReady", "status": $network, "reason": "", "message": "" }
    ]
  }
}
JSON
    ;;
  pull) call images pull --hosts-dir /etc/containerd/certs.d "$(full "$target")" >/dev/null || exit 1
    echo "Image is up to date for $target" ;;
  inspecti) name=$(full "$target")
    found=$(call images list "name==$name" 2>/dev/null | awk 'NR > 1 { print $3; exit }')
    [ -n "$found" ] || die "no such image \"$target\" present"
    printf '{ "status": { "id": "%s", "repoTags": ["%s"] } }\n' "$found" "$name" ;;
  images | image | img)
    [ -n "$quiet" ] || echo 'IMAGE TAG IMAGE-ID SIZE'
    call images list 2>/dev/null | awk -v quiet="$quiet" 'NR > 1 && $1 !~ /^sha256:/ && $1 !~ /@/ {
      name = $1; sub(/:[^:\/]*$/, "", name); tag = substr($1, length(name) + 2)
      if (quiet) print $3; else print name, tag, $3, $4 $5 }' ;;
  rmi) call images remove "$(full "$target")" ;;
  pods) sandboxes ;;
  ps)
    [ -n "$quiet" ] || echo 'CONTAINER IMAGE'
    containers | while read -r id image; do
      if is_sandbox "$id"; then continue; fi
      if [ -n "$quiet" ]; then echo "$id"; else echo "$id $image"; fi
    done ;;
  stop | rm) end "$target"; [ "$command" = stop ] || forget "$target"; echo "$command $target" ;;
  stopp | rmp)
    for id in $(same_pod "$target"); do end "$id"; [ "$command" = stopp ] || forget "$id"; done
    echo "$command $target" ;;
  *) die "command '$command' is not answered" ;;
esac
