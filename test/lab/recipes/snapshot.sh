#!/bin/sh
# What a host is made of, one fact a line: KIND <tab> NAME <tab> FIELD=VALUE <tab> … Reads only.
set -u
tab=$(printf '\t')
places=''
for place in /etc /usr/local /opt/cni /root/.kube /var/lib/konverge /usr/lib/systemd/system /var/lib/kubelet/config.yaml; do
  [ ! -e "$place" ] || places="$places $place"
done

# shellcheck disable=SC2086 # a list of words on purpose
find $places -path /root/.kube/cache -prune -o \
  -printf "file\t%p\ttype=%y\tmode=%m\towner=%U:%G\tmtime=%T@\tlink=%l\n"
# shellcheck disable=SC2086
find $places -path /root/.kube/cache -prune -o -type f -print0 | xargs -0 sha256sum |
  sed "s/^\([0-9a-f]*\)  \(.*\)$/sum${tab}\2${tab}sha256=\1/"

systemctl show --type=service,socket,timer,mount --all '*' \
  --property=Id,ActiveState,UnitFileState,InvocationID,ActiveEnterTimestampMonotonic |
  awk -F= -v OFS="$tab" '
    NF == 0 { flush() }
    NF > 0 { value[$1] = $2 }
    END { flush() }
    function flush() {
      if (value["Id"] != "") print "unit", value["Id"], "state=" value["ActiveState"], "file=" value["UnitFileState"],
        "invocation=" value["InvocationID"], "since=" value["ActiveEnterTimestampMonotonic"]
      split("", value)
    }'

if command -v dpkg-query >/dev/null; then
  dpkg-query -W -f 'package\t${Package}\tversion=${Version}\tstatus=${db:Status-Abbrev}\n'
fi

keys='net.ipv4.ip_forward net.bridge.bridge-nf-call-iptables net.bridge.bridge-nf-call-ip6tables kernel.panic'
configured=$(cat /etc/sysctl.d/*.conf 2>/dev/null | sed -n 's/^ *-\{0,1\}\([a-z][^= ]*\) *=.*/\1/p')
for key in $keys $configured; do
  path=/proc/sys/$(printf '%s' "$key" | tr . /)
  [ ! -r "$path" ] || printf 'sysctl\t%s\tvalue=%s\n' "$key" "$(tr '\t' ' ' < "$path")"
done | sort -u

printf 'host\tname\tvalue=%s\n' "$(cat /proc/sys/kernel/hostname)"
printf 'host\tswaps\tvalue=%s\n' "$(tail -n +2 /proc/swaps | tr '\n\t' '; ')"
