#!/bin/sh
# An apt configuration of the lab's own: this machine's Debian mirrors and nothing else, with source packages.
# usage: apt-sources.sh DIR   (DIR/apt.conf and DIR/sources.list are written; use with APT_CONFIG=DIR/apt.conf)
set -eu
dir=$1
mkdir -p "$dir/lists/partial" "$dir/archives/partial" "$dir/etc"

targets() {
  apt-get indextargets --format '$(ORIGIN)|$(CODENAME)|$(REPO_URI)|$(RELEASE)|$(COMPONENT)' 'Created-By: Packages' |
    grep '^Debian|bookworm' || true
}
# The origin of a mirror is only known once its Release file has been fetched.
[ -n "$(targets)" ] || apt-get update >&2
found=$(targets)
if [ -z "$found" ]; then
  echo 'no Debian 12 (bookworm) mirror in the apt configuration of this machine' >&2
  exit 1
fi

printf '%s\n' "$found" | sort -u | while IFS='|' read -r _ _ uri release component; do
  option=''
  keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  [ ! -e "$keyring" ] || option="[signed-by=$keyring] "
  printf 'deb %s%s %s %s\n' "$option" "$uri" "$release" "$component"
  printf 'deb-src %s%s %s %s\n' "$option" "$uri" "$release" "$component"
done > "$dir/sources.list.new"
mv "$dir/sources.list.new" "$dir/sources.list"

cat > "$dir/apt.conf" <<CONF
Dir::Etc::sourcelist "$dir/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::State::lists "$dir/lists";
Dir::Cache::archives "$dir/archives";
APT::Sandbox::User "root";
Acquire::Retries "3";
CONF
APT_CONFIG="$dir/apt.conf" apt-get update >&2
