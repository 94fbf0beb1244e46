import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { $ } from 'zx/core';
import { type Artefact, build, keyOf } from './artefact.ts';
import { cacheDir, network } from './layout.ts';

/** podman with settings of the lab's own, and what is needed of it: containers' states, images, the network. */

const containersConf = join(cacheDir, 'containers.conf');

/** Own settings for podman, whatever the machine's say. */
export async function writePodmanSettings(): Promise<void> {
  const limits = (await $({ quiet: true })`ulimit -Hn; ulimit -Hu`).stdout.trim().split('\n');
  const [files = 1024, processes = 1024] = limits.map((limit) => (limit === 'unlimited' ? 1_048_576 : Number(limit)));
  // podman starts its monitor with at most this many, whatever the machine allows.
  const monitored = Math.min(processes, 32_768);
  mkdirSync(cacheDir, { recursive: true });
  writeFileSync(
    containersConf,
    [
      '[containers]',
      // Root may lack CAP_SYS_RESOURCE, and then no limit can be raised above the machine's own.
      `default_ulimits = ["nofile=${files}:${files}", "nproc=${monitored}:${monitored}"]`,
      'log_driver = "k8s-file"',
      '[engine]',
      // crun refuses a machine with cgroup v1 and v2 side by side; no systemd may be there to manage cgroups.
      'runtime = "runc"',
      'cgroup_manager = "cgroupfs"',
      'events_logger = "file"',
      '[network]',
      'network_backend = "netavark"',
      '',
    ].join('\n'),
  );
}

export const podman = $({ quiet: true, env: { ...process.env, CONTAINERS_CONF: containersConf } });

export type State = 'absent' | 'running' | 'stopped';

export async function stateOf(container: string): Promise<State> {
  const shown = await podman({
    nothrow: true,
  })`podman inspect --type container --format ${'{{.State.Status}} {{.State.Pid}}'} ${container}`;
  if (shown.exitCode !== 0) return 'absent';
  const [status, pid] = shown.stdout.trim().split(' ');
  if (status !== 'running') return 'stopped';
  // podman goes on saying "running" when the container's monitor was killed together with it.
  const alive = await $({ nothrow: true, quiet: true })`kill -0 ${pid ?? '0'}`;
  return alive.exitCode === 0 ? 'running' : 'stopped';
}

/**
 * A container's monitor tells podman of its end by a file. When the monitor was killed too, podman goes on believing
 * that the container runs, and will neither start nor stop it; so its last words are written here.
 */
export async function reportDeath(container: string): Promise<void> {
  const shown = await podman`podman inspect --type container --format ${'{{.State.Status}} {{.Id}}'} ${container}`;
  const [status = '', id = ''] = shown.stdout.trim().split(' ');
  if (status !== 'running' && status !== 'stopping') return;
  if ((await stateOf(container)) === 'running') return;
  writeFileSync(join('/run/libpod/exits', id), '137');
  await podman`podman ps --all --sync`;
}

export async function removeContainer(container: string): Promise<void> {
  await podman({ nothrow: true })`podman rm --force --time 0 ${container}`;
  // A container whose monitor died is sometimes only removed at the second attempt.
  if ((await stateOf(container)) !== 'absent') await podman`podman rm --force --time 0 ${container}`;
}

export async function ensureNetwork(): Promise<void> {
  const shown = await podman({ nothrow: true })`podman network inspect ${network.name}`;
  if (shown.exitCode === 0) return;
  await podman`podman network create --disable-dns --subnet ${network.subnet} --gateway ${network.gateway} ${network.name}`;
}

/** podman chooses the bridge's name; the fence needs it. */
export async function bridgeName(): Promise<string> {
  const shown = await podman`podman network inspect --format ${'{{.NetworkInterface}}'} ${network.name}`;
  return shown.stdout.trim();
}

/** The artefact's rootfs.tar as an image of podman's; the tag carries the artefact's key. */
export async function imageOf(artefact: Artefact): Promise<string> {
  const path = await build(artefact);
  const image = `localhost/konverge-lab-${artefact.name}:${keyOf(artefact)}`;
  const present = await podman({ nothrow: true })`podman image exists ${image}`;
  if (present.exitCode !== 0) await podman`podman import ${`${path}/rootfs.tar`} ${image}`;
  return image;
}

/** podman refuses to remove an image that a container still uses, and so keeps the current ones. */
export async function removeOldImages(): Promise<void> {
  const shown = await podman`podman images --quiet --filter reference=localhost/konverge-lab-*`;
  for (const id of new Set(shown.stdout.trim().split('\n'))) await podman({ nothrow: true })`podman rmi ${id}`;
}

export async function removeNetwork(): Promise<void> {
  await podman({ nothrow: true })`podman network rm --force ${network.name}`;
}
