import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { $ } from 'zx/core';
import { build, keyOf, say } from './artefact.ts';
import { rootfs, signingKey } from './artefacts.ts';
import { newHostKey, sshArguments } from './identity.ts';
import { containerPrefix, type HostName, hostNames, hosts, mirror, network, stateDir, users } from './layout.ts';
import { imageOf, podman, removeContainer, reportDeath, type State, stateOf } from './podman.ts';

/** Hosts as containers: making, starting, stopping and wiping them. */

/** Directories that cannot lie on the container's own (overlay) file system. */
const volumes = ['containerd', 'kubelet', 'etcd'] as const;

const containerOf = (name: string): string => `${containerPrefix}${name}`;

export const hostState = (name: HostName): Promise<State> => stateOf(containerOf(name));

/** Removes the container with whatever an interrupted run left of it, and its volumes. */
export async function removeHost(name: HostName): Promise<void> {
  await removeContainer(containerOf(name));
  for (const volume of volumes)
    await podman({ nothrow: true })`podman volume rm --force ${containerOf(name)}-${volume}`;
}

/** systemd leaves mounts private in a container; on a real host they are shared, and the kubelet counts on it. */
const bootScript = 'mount --make-rshared / && exec /sbin/init';

async function createHost(name: HostName): Promise<void> {
  const image = await imageOf(rootfs);
  const host = hosts[name];
  const options = [
    ['--name', containerOf(name), '--hostname', name, '--network', `${network.name}:ip=${host.address}`],
    ['--publish', `127.0.0.1:${host.port}:22`, '--dns', network.mirror, '--no-hosts'],
    ['--privileged', '--cgroupns', 'private', '--device', '/dev/kmsg', '--stop-timeout', '5'],
    // podman's own way for systemd would, on cgroup v1, show every host the whole machine's systemd hierarchy:
    // all of them would write their units to its root, and the kubelet would not find its slices.
    ['--systemd=false', '--env', 'container=podman', '--stop-signal', 'SIGRTMIN+3'],
    ['--tmpfs', '/run:mode=755', '--tmpfs', '/run/lock', '--tmpfs', '/tmp:mode=1777'],
    ...volumes.map((volume) => ['--volume', `${containerOf(name)}-${volume}:/var/lib/${volume}`]),
  ].flat();
  await podman`podman create ${options} ${image} sh -c ${bootScript}`;
  await newHostKey(name);
  const root = (await podman`podman mount ${containerOf(name)}`).stdout.trim();
  try {
    await prepare(name, root);
  } finally {
    await podman`podman unmount ${containerOf(name)}`;
  }
  writeFileSync(markOf(name), await idOf(name));
}

/** Holds the id of the container whose preparation was completed; an interrupted one is made again. */
const markOf = (name: HostName): string => join(stateDir, `${name}.prepared`);

async function idOf(name: HostName): Promise<string> {
  return (await podman`podman inspect --type container --format ${'{{.Id}}'} ${containerOf(name)}`).stdout.trim();
}

async function isFromCurrentImage(name: HostName): Promise<boolean> {
  const shown = await podman`podman inspect --type container --format ${'{{.ImageName}}'} ${containerOf(name)}`;
  return shown.stdout.trim().endsWith(`:${keyOf(rootfs)}`);
}

async function isPrepared(name: HostName): Promise<boolean> {
  return existsSync(markOf(name)) && readFileSync(markOf(name), 'utf8') === (await idOf(name));
}

async function prepare(name: HostName, root: string): Promise<void> {
  const { asking } = users;
  const env = {
    ...process.env,
    MIRROR_URL: mirror.url,
    ASKING_HOST: asking.host,
    ASKING_USER: asking.name,
    ASKING_PASSWORD: asking.password,
  };
  const script = `${import.meta.dirname}/recipes/prepare-host.sh`;
  // 127.0.1.1 is how Debian's installer leaves it, and one of the things a role must set right.
  const etcHosts = `127.0.0.1\tlocalhost\n127.0.1.1\t${name}\n::1\tlocalhost ip6-localhost ip6-loopback\n${network.mirror}\t${mirror.name}\n`;
  await $({ quiet: true, env, input: etcHosts })`sh ${script} ${root} ${stateDir} ${name} ${await build(signingKey)}`;
}

/** Brings one host up, making it when it is missing. */
export async function upHost(name: HostName): Promise<void> {
  const state = await hostState(name);
  if (state !== 'absent' && !(await isFromCurrentImage(name))) {
    say(`${name} was made from an older image; \`npm run lab -- reset ${name}\` makes it anew`);
  }
  if (state === 'absent' || !(await isPrepared(name))) {
    await removeHost(name);
    await createHost(name);
  }
  if (state !== 'running') await startHost(name);
  await answersSsh(name);
}

export async function startHost(name: HostName): Promise<void> {
  await reportDeath(containerOf(name));
  const started = await podman({ nothrow: true })`podman start ${containerOf(name)}`;
  if (started.exitCode === 0) return;
  if (!started.stderr.includes('address already in use')) throw new Error(started.stderr.trim());
  const port = hosts[name].port;
  const user = await $({ nothrow: true, quiet: true })`ss -Hltnp sport = :${port}`;
  throw new Error(`${name} needs 127.0.0.1:${port}, which another program has:\n${user.stdout.trim()}`);
}

export async function stopHost(name: HostName): Promise<void> {
  await podman`podman stop ${containerOf(name)}`;
}

export async function answersSsh(name: HostName): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const ssh = await $({
      nothrow: true,
      quiet: true,
    })`ssh -o ConnectTimeout=3 ${sshArguments(name)} systemctl is-system-running --wait`;
    // "degraded" has a failed unit, but it has booted; 255 is ssh's own failure.
    if (ssh.exitCode !== 255) return;
    if (Date.now() > deadline)
      throw new Error(`${name} does not answer on port ${hosts[name].port}: ${ssh.stderr.trim()}`);
    await sleep(300);
  }
}

export async function resetHost(name: HostName): Promise<void> {
  await removeHost(name);
  await upHost(name);
  say(`${name} is bare`);
}

export function parseHostNames(
  words: readonly string[],
  known: (word: string) => word is HostName,
): readonly HostName[] {
  const wrong = words.filter((word) => !known(word));
  if (wrong.length > 0) throw new Error(`no such host: ${wrong.join(', ')} (the lab has ${hostNames.join(', ')})`);
  return words.filter(known);
}
