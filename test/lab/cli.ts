import { $ } from 'zx/core';
import { prune, say } from './artefact.ts';
import { needed } from './artefacts.ts';
import * as containers from './containers.ts';
import { ensureLoginKey, sshArguments } from './identity.ts';
import { type HostName, hostNames, hosts, isHostName, mirror, mirrorContainer } from './layout.ts';
import { locked } from './lock.ts';
import { fenceNetwork, installMissing, raiseInotifyLimit, requireRoot, unfenceNetwork } from './machine.ts';
import { upMirror } from './mirror.ts';
import {
  bridgeName,
  ensureNetwork,
  removeContainer,
  removeNetwork,
  removeOldImages,
  writePodmanSettings,
} from './podman.ts';
import { keepSnapshot } from './snapshot.ts';

const usage =
  'usage: npm run lab -- up [HOST…] | down | prune | status | shell HOST | reset HOST… | stop HOST… | start HOST… | snapshot HOST…';

export async function up(names: readonly HostName[]): Promise<void> {
  requireRoot();
  await installMissing();
  await writePodmanSettings();
  raiseInotifyLimit();
  await ensureLoginKey();
  await ensureNetwork();
  await upMirror();
  say(`the mirror answers on 127.0.0.1:${mirror.publishedPort} (inside the lab: ${mirror.url})`);
  for (const name of names) {
    await containers.upHost(name);
    say(`${name} answers on 127.0.0.1:${hosts[name].port}`);
  }
  await fenceNetwork(await bridgeName());
}

async function down(): Promise<void> {
  await writePodmanSettings();
  await removeContainer(mirrorContainer);
  for (const name of hostNames) await containers.removeHost(name);
  await removeNetwork();
  await unfenceNetwork();
}

async function status(): Promise<void> {
  await writePodmanSettings();
  for (const name of hostNames) {
    const { address, port } = hosts[name];
    console.log(`${name}  ${address.padEnd(12)} 127.0.0.1:${port}  ${await containers.hostState(name)}`);
  }
}

/** Frees what older recipes made; the running lab uses none of it once it has been brought up. */
async function pruneCache(): Promise<void> {
  await up(hostNames);
  for (const path of prune(needed)) say(`removed ${path}`);
  await removeOldImages();
}

async function shell(name: HostName): Promise<void> {
  await $({ stdio: 'inherit', nothrow: true })`ssh -t ${sshArguments(name)}`;
}

async function run(words: readonly string[]): Promise<void> {
  const [command = '', ...rest] = words;
  const names = containers.parseHostNames(rest, isHostName);
  const [first] = names;
  if (command === 'up') return locked(() => up(names.length > 0 ? names : hostNames));
  if (command === 'down') return locked(down);
  if (command === 'prune') return locked(pruneCache);
  if (command === 'status') return status();
  const each = {
    reset: (name: HostName) => locked(() => containers.resetHost(name)),
    stop: (name: HostName) => locked(() => containers.stopHost(name)),
    start: (name: HostName) => locked(() => containers.upHost(name)),
    snapshot: keepSnapshot,
    shell,
  }[command];
  if (each === undefined || first === undefined) throw new Error(usage);
  await writePodmanSettings();
  for (const name of names) await each(name);
}

// demo.ts imports this file for `up`.
if (process.argv[1] === import.meta.filename) {
  try {
    await run(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
