import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { $ } from 'zx/core';
import { say } from './artefact.ts';
import { network } from './layout.ts';

/** What the lab needs of the machine it runs on: Debian packages, one kernel setting, a few firewall rules. */

const packages = [
  'podman',
  'runc',
  'netavark',
  'iptables',
  'mmdebstrap',
  'golang-1.19-go',
  'dpkg-dev',
  'apt-utils',
  'gpg',
  'gpgconf',
  'gpg-agent',
  'make',
  'gcc',
  'libc6-dev',
  'rsync',
  'openssh-client',
  'xz-utils',
  'procps',
  'util-linux',
];

export async function installMissing(): Promise<void> {
  const shown = await $({
    nothrow: true,
    quiet: true,
  })`dpkg-query -W -f '\${Package} \${db:Status-Status}\n' ${packages}`;
  const installed = new Set(
    shown.stdout
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  );
  const missing = packages.filter((name) => !installed.has(name));
  if (missing.length === 0) return;
  say(`installing ${missing.join(' ')} …`);
  const apt = $({ quiet: true, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  await apt`apt-get update`;
  await apt`apt-get install -y --no-install-recommends ${missing}`;
}

/** inotify instances are counted over all hosts of the lab together: their root is one user to the kernel. */
export function raiseInotifyLimit(): void {
  const path = '/proc/sys/fs/inotify/max_user_instances';
  if (Number(readFileSync(path, 'utf8')) < 8192) writeFileSync(path, '8192');
}

/**
 * The lab's network reaches nothing but itself. And what one host sends to another crosses the bridge untouched:
 * where bridged packets are shown to iptables, podman's rules would put the gateway's address on them.
 */
export async function fenceNetwork(bridge: string): Promise<void> {
  const bridged = ['-m', 'physdev', '--physdev-is-bridged'];
  const away = ['-i', bridge, '!', '-o', bridge];
  await rule('filter', 'FORWARD', [...away, '-j', 'DROP']);
  await rule('nat', 'POSTROUTING', [...bridged, '-s', network.subnet, '-j', 'ACCEPT']);
}

export async function unfenceNetwork(): Promise<void> {
  const tables = { filter: 'FORWARD', nat: 'POSTROUTING' };
  for (const [table, chain] of Object.entries(tables)) {
    const listed = await $({ nothrow: true, quiet: true })`iptables -w -t ${table} -S ${chain}`;
    for (const line of listed.stdout.split('\n').filter((text) => text.includes(comment))) {
      const words = line.replaceAll('"', '').split(' ').slice(1);
      await $({ nothrow: true, quiet: true })`iptables -w -t ${table} -D ${words}`;
    }
  }
}

const comment = 'konverge-lab-fence';

async function rule(table: string, chain: string, words: readonly string[]): Promise<void> {
  const marked = ['-m', 'comment', '--comment', comment, ...words];
  // Deleted first and put back on top: podman inserts its own at the top whenever a network appears.
  await $({ nothrow: true, quiet: true })`iptables -w -t ${table} -D ${chain} ${marked}`;
  await $({ quiet: true })`iptables -w -t ${table} -I ${chain} 1 ${marked}`;
}

export function requireRoot(): void {
  if (process.getuid?.() !== 0) throw new Error('the lab needs root on this machine: sudo npm run lab -- up');
  if (!existsSync('/usr/bin/apt-get')) throw new Error('the lab needs a Debian 12 machine (apt-get was not found)');
}
