import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Secret } from '../secret.ts';
import { bastionOf } from './bastion.ts';
import { liveAgent } from './credentials.ts';
import { isEncrypted, opensWith, publicHalf } from './key-file.ts';
import { runProgram } from './local-program.ts';
import { resolveSshHost, type SshHost } from './ssh-host.ts';
import type { ConnectOptions, Target } from './target.ts';

/** A private key that a login needs and that nobody has opened yet. */
export interface LockedKey {
  readonly file: string;
  readonly opensWith: (passphrase: Secret<string>) => Promise<boolean>;
}

/**
 * The encrypted keys that these hosts and their bastions need, each once: those that the inventory or ssh_config names, and
 * ssh's own (`~/.ssh/id_…`) where there is no other way in. Not those that the agent has, or whose passphrase or whose
 * login's password the inventory has. Nothing is contacted but the agent.
 */
export async function lockedKeys(
  targets: readonly Target[],
  options: ConnectOptions = {},
): Promise<readonly LockedKey[]> {
  const ways = await Promise.all(targets.map((target) => waysOf(target, options)));
  const agents = new Map<string, Promise<ReadonlySet<string>>>();
  const found = new Map<string, LockedKey>();
  for (const host of ways.flat()) {
    const held = host.agent === undefined ? new Set<string>() : await keysOf(host.agent, agents);
    for (const key of await lockedKeysOf(host, held)) found.set(key.file, key);
  }
  return [...found.values()];
}

/** The host itself and the bastions before it. */
async function waysOf({ address, ssh }: Target, options: ConnectOptions): Promise<readonly SshHost[]> {
  const ways = [await resolveSshHost(address, ssh, options.sshConfig)];
  // A circle of bastions is told when it is walked; here it only has to end.
  for (let jumps = ways[0]?.jumps ?? []; jumps.length > 0 && ways.length < 16; jumps = ways.at(-1)?.jumps ?? []) {
    ways.push(await bastionOf(jumps, ssh, options));
  }
  return ways;
}

/** Public keys that the agent has, in base64. */
function keysOf(agent: string, agents: Map<string, Promise<ReadonlySet<string>>>): Promise<ReadonlySet<string>> {
  const keys = agents.get(agent) ?? listKeys(agent);
  agents.set(agent, keys);
  return keys;
}

async function listKeys(agent: string): Promise<ReadonlySet<string>> {
  if ((await liveAgent(agent)) === undefined) return new Set();
  const { stdout } = await runProgram(['env', `SSH_AUTH_SOCK=${agent}`, 'ssh-add', '-L']);
  return new Set(stdout.split('\n').flatMap((line) => line.split(' ')[1] ?? []));
}

async function lockedKeysOf(host: SshHost, held: ReadonlySet<string>): Promise<readonly LockedKey[]> {
  if (host.password !== undefined) return [];
  const locked: LockedKey[] = [];
  let isOpen = held.size > 0;
  for (const file of [host.identity, ...host.identities].filter((each) => each !== undefined)) {
    const key = await readFile(file).catch(() => undefined);
    if (key === undefined) continue;
    const text = key.toString('latin1');
    const half = isEncrypted(text) ? await publicHalf(file, text) : undefined;
    const isKnown = file === host.identity && host.passphrase !== undefined;
    if (!isEncrypted(text) || isKnown || (half !== undefined && held.has(half))) isOpen = true;
    else locked.push({ file, opensWith: (passphrase) => opensWith(key, passphrase) });
  }
  return isOpen ? locked.filter(({ file }) => !isDefault(file)) : locked;
}

// Where ssh looks when nobody names a key (ssh_config(5), IdentityFile): that one lies there does not mean that it is for this.
const isDefault = (file: string): boolean => file.startsWith(join(homedir(), '.ssh/id_'));
