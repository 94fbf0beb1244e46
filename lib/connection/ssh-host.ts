import { homedir, userInfo } from 'node:os';
import { fileURLToPath } from 'node:url';
import { badInput } from '../errors.ts';
import type { SshSettings } from '../inventory/types.ts';
import type { Secret } from '../secret.ts';
import { runProgram } from './local-program.ts';

/** How one machine (a host or a bastion) is reached, all questions answered. */
export interface SshHost {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: Secret<string> | undefined;
  /** named in the inventory: tried first */
  readonly identity: string | undefined;
  readonly passphrase: Secret<string> | undefined;
  /** ssh_config's, the defaults among them; those that do not exist too */
  readonly identities: readonly string[];
  readonly identitiesOnly: boolean;
  /** path of the agent's socket */
  readonly agent: string | undefined;
  /** `user@host:port` each, in the order they are passed */
  readonly jumps: readonly string[];
  /** files; a new key goes into the first */
  readonly knownHosts: readonly string[];
  /** the name that known_hosts has it under */
  readonly keyName: string;
  readonly hostKeys: 'yes' | 'accept-new';
  readonly hashKnownHosts: boolean;
}

const ownConfig = fileURLToPath(new URL('ssh_config', import.meta.url));
const answers = new Map<string, Promise<ReadonlyMap<string, readonly string[]>>>();

/**
 * Asks OpenSSH itself (`ssh -G`), so that `~/.ssh/config` means here what it means to ssh; explicit settings win.
 * @throws KonvergeError BadInput when ssh cannot read its configuration or the settings
 */
export async function resolveSshHost(name: string, settings: SshSettings, sshConfig?: string): Promise<SshHost> {
  const words = queryOf(name, settings, sshConfig);
  const key = words.join('\0');
  const asked = answers.get(key) ?? askSsh(words);
  answers.set(key, asked);
  asked.catch(() => answers.delete(key));
  const answer = await asked;
  // Without our own file the default user cannot be told from a configured one: ssh prints the local user.
  const user = one(answer, 'user') ?? 'root';
  const isDefault = sshConfig !== undefined && settings.user === undefined && user === userInfo().username;
  return sshHostFrom(answer, settings, isDefault ? 'root' : user);
}

function queryOf(name: string, settings: SshSettings, sshConfig: string | undefined): readonly string[] {
  const { port, user, identity, jump } = settings;
  return [
    'ssh',
    '-G',
    '-T',
    '-F',
    sshConfig ?? ownConfig,
    ...(port === undefined ? [] : ['-p', String(port)]),
    ...(user === undefined ? [] : ['-l', user]),
    ...(identity === undefined ? [] : ['-i', identity]),
    ...(jump === undefined ? [] : ['-J', jump]),
    '--',
    settings.host ?? name,
  ];
}

async function askSsh(words: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const { code, stdout, stderr } = await runProgram(words);
  if (code === 0) return parseSettings(stdout);
  const missing = code === 127;
  throw badInput(missing ? 'there is no ssh on this machine' : `ssh does not accept the settings of ${words.at(-1)}`, {
    ran: words.join(' '),
    said: stderr.trim(),
    mend: missing ? 'install openssh-client' : 'correct ssh_config(5) or the host’s ssh settings',
  });
}

/** The output of `ssh -G`: lines of `keyword value`; a keyword may come again. */
export function parseSettings(text: string): ReadonlyMap<string, readonly string[]> {
  const settings = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const space = line.indexOf(' ');
    if (space < 0) continue;
    const key = line.slice(0, space);
    settings.set(key, [...(settings.get(key) ?? []), line.slice(space + 1)]);
  }
  return settings;
}

export function sshHostFrom(
  answer: ReadonlyMap<string, readonly string[]>,
  settings: SshSettings,
  user: string,
): SshHost {
  const host = one(answer, 'hostname') ?? '';
  const port = Number(one(answer, 'port') ?? 22);
  if (one(answer, 'proxycommand') !== undefined) {
    throw badInput(`${host}: ProxyCommand is not supported`, { mend: 'use ProxyJump in ssh_config, or ssh.jump' });
  }
  const expand = (path: string): string => expandPath(path, { host, user });
  const files = (key: string): readonly string[] => (one(answer, key) ?? '').split(' ').filter(Boolean).map(expand);
  const jump = one(answer, 'proxyjump');
  const identity = settings.identity === undefined ? undefined : expand(settings.identity);
  return {
    host,
    port,
    user,
    password: settings.password,
    identity,
    passphrase: settings.passphrase,
    identities: (answer.get('identityfile') ?? []).map(expand).filter((file) => file !== identity),
    identitiesOnly: one(answer, 'identitiesonly') === 'yes',
    agent: agentOf(one(answer, 'identityagent'), expand),
    jumps: jump === undefined || jump === 'none' ? [] : jump.split(','),
    knownHosts:
      settings.knownHosts === undefined
        ? [...files('userknownhostsfile'), ...files('globalknownhostsfile')]
        : [expand(settings.knownHosts)],
    keyName: keyNameOf(one(answer, 'hostkeyalias') ?? host, port),
    hostKeys: settings.hostKeys ?? (one(answer, 'stricthostkeychecking') === 'accept-new' ? 'accept-new' : 'yes'),
    hashKnownHosts: one(answer, 'hashknownhosts') === 'yes',
  };
}

/** `[user@]host[:port]`, with brackets around an IPv6 address, or `ssh://…`: what ProxyJump holds. */
export function parseJump(jump: string): { readonly host: string; readonly port?: number; readonly user?: string } {
  const found = /^(?:ssh:\/\/)?(?:(?<user>.+)@)?(?:\[(?<six>[^\]]+)\]|(?<host>[^:]+))(?::(?<port>\d+))?\/?$/.exec(jump);
  const { user, six, host, port } = found?.groups ?? {};
  return {
    host: six ?? host ?? jump,
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(user === undefined ? {} : { user }),
  };
}

// sshd(8), SSH_KNOWN_HOSTS FILE FORMAT: another port than 22 is written with the name in brackets.
function keyNameOf(name: string, port: number): string {
  return port === 22 ? name : `[${name}]:${port}`;
}

function agentOf(setting: string | undefined, expand: (path: string) => string): string | undefined {
  const fromEnvironment = process.env['SSH_AUTH_SOCK'];
  if (setting === undefined || setting === 'SSH_AUTH_SOCK') return fromEnvironment || undefined;
  if (setting === 'none') return undefined;
  return setting.startsWith('$') ? process.env[setting.slice(1).replace(/^\{(.*)\}$/, '$1')] : expand(setting);
}

/** The tokens of ssh_config(5) that make sense in a file's name. */
function expandPath(path: string, { host, user }: { host: string; user: string }): string {
  const tokens: Readonly<Record<string, string>> = {
    '%d': homedir(),
    '%h': host,
    '%r': user,
    '%u': userInfo().username,
    '%%': '%',
  };
  return path.replace(/^~(?=\/|$)/, homedir()).replaceAll(/%[dhru%]/g, (token) => tokens[token] ?? token);
}

function one(answer: ReadonlyMap<string, readonly string[]>, key: string): string | undefined {
  return answer.get(key)?.[0];
}
