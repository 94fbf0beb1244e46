#!/bin/sh
# The stand-ins (Go), and the pause container's program (C); both static.
set -eu
mkdir -p "$OUT/bin" "$WORK/src/standins"
cp "$RECIPES"/standins/*.go "$WORK/src/standins/"
cd "$WORK/src/standins"
HOME=$WORK GOPATH=$WORK GO111MODULE=off CGO_ENABLED=0 /usr/lib/go-1.19/bin/go build -trimpath -ldflags '-s -w' -o "$OUT/bin/standin" . >&2
gcc -Os -static -s -o "$OUT/bin/pause" "$RECIPES/standins/pause.c"
install -m 0755 "$RECIPES/standins/crictl.sh" "$OUT/bin/crictl"
