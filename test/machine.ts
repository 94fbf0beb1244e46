import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** What the tests run for real, and the Debian package it comes from. */
const programs: Readonly<Record<string, string>> = {
  '/usr/bin/busybox': 'busybox',
  '/usr/bin/createrepo_c': 'createrepo-c',
  '/usr/bin/curl': 'curl',
  '/usr/bin/dnf': 'dnf',
  '/usr/bin/etcd': 'etcd-server',
  '/usr/bin/etcdctl': 'etcd-client',
  '/usr/bin/gpg': 'gnupg',
  '/usr/bin/jq': 'jq',
  '/usr/bin/openssl': 'openssl',
  '/usr/bin/python3': 'python3',
  '/usr/bin/rpmbuild': 'rpm',
  '/usr/bin/ssh': 'openssh-client',
  '/usr/bin/sudo': 'sudo',
  '/usr/bin/unshare': 'util-linux',
  '/usr/bin/wget': 'wget',
  '/usr/sbin/haproxy': 'haproxy',
  '/usr/sbin/keepalived': 'keepalived',
  '/usr/sbin/sshd': 'openssh-server',
};

// The packages' daemons must not start on the machine: policy-rc.d(8) forbids it while they are installed.
const install = `
set -eu
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  printf '#!/bin/sh\\nexit 101\\n' >$policy
  chmod 755 $policy
  trap 'rm -f $policy' EXIT
fi
apt-get -qq update
apt-get -qq install -y --no-install-recommends "$@"
`;

/** Before the first test, so that no file runs ahead of what another one installs. @throws Error telling what to type */
export function setup(): void {
  const missing = Object.entries(programs).flatMap(([path, name]) => (existsSync(path) ? [] : [name]));
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0) throw new Error(`the tests need: sudo apt-get install ${missing.join(' ')}`);
  process.stdout.write(`installing ${missing.join(' ')} …\n`);
  const run = spawnSync('sh', ['-c', install, 'sh', ...missing], { encoding: 'utf8' });
  if (run.status !== 0)
    throw new Error(`this machine could not be prepared for the tests:\n${run.stdout}${run.stderr}`);
}
