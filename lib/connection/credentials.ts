import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import type { AnyAuthMethod, AuthenticationType, KeyboardInteractiveAuthMethod } from 'ssh2';
import { unreachable } from '../errors.ts';
import { reveal, type Secret } from '../secret.ts';
import { isEncrypted, opensWith } from './key-file.ts';
import type { SshHost } from './ssh-host.ts';
import type { ConnectOptions } from './target.ts';

/** One way to log in, and how it is called in a message. */
export interface Credential {
  readonly label: string;
  readonly method: AnyAuthMethod;
}

export interface Credentials {
  readonly usable: readonly Credential[];
  /** what was left out, and why */
  readonly leftOut: readonly string[];
}

/**
 * What the inventory names comes first, then the agent and ssh_config's keys, as far as they exist.
 * @throws KonvergeError Unreachable when the key named in the inventory cannot be used
 */
export async function credentialsOf(host: SshHost, options: ConnectOptions): Promise<Credentials> {
  const leftOut: string[] = [];
  const { user: username, password } = host;
  const named = host.identity === undefined ? undefined : await readKey(host.identity, options, host.passphrase);
  const agent = host.agent === undefined ? undefined : await liveAgent(host.agent);
  if (host.agent !== undefined && agent === undefined) leftOut.push(`the agent at ${host.agent} does not answer`);
  const agentAs: Credential[] =
    agent === undefined ? [] : [{ label: 'agent', method: { type: 'agent', username, agent } }];
  const usable: Credential[] = [];
  if (named?.kind === 'usable') usable.push(keyCredential(named, username));
  else if (named !== undefined && agentAs.length === 0 && password === undefined) throw unusableKey(named);
  else if (named !== undefined) leftOut.push(named.why);
  if (password !== undefined) usable.push(...passwordCredentials(username, password));
  const files: Credential[] = [];
  for (const key of await Promise.all(host.identities.map((file) => readKey(file, options)))) {
    if (key.kind === 'usable') files.push(keyCredential(key, username));
    else if (key.kind === 'locked') leftOut.push(key.why);
  }
  // sshd gives up after six tries: with IdentitiesOnly the files are not to drown in an agent full of other keys.
  usable.push(...(host.identitiesOnly ? [...files, ...agentAs] : [...agentAs, ...files]));
  return { usable, leftOut };
}

type Key =
  | { readonly kind: 'usable'; readonly file: string; readonly text: Buffer; readonly passphrase?: Secret<string> }
  | { readonly kind: 'absent' | 'locked'; readonly file: string; readonly why: string };

function keyCredential(key: Key & { kind: 'usable' }, username: string): Credential {
  const passphrase = key.passphrase === undefined ? {} : { passphrase: reveal(key.passphrase) };
  return { label: `key ${key.file}`, method: { type: 'publickey', username, key: key.text, ...passphrase } };
}

function unusableKey(key: Key & { kind: 'absent' | 'locked' }): Error {
  return unreachable(key.why, {
    touched: false,
    mend:
      key.kind === 'locked'
        ? `put it into the agent: ssh-add ${key.file}`
        : 'correct ssh.identity in the inventory, or IdentityFile in ssh_config',
  });
}

async function readKey(file: string, options: ConnectOptions, known?: Secret<string>): Promise<Key> {
  const text = await readFile(file).catch(() => undefined);
  if (text === undefined) return { kind: 'absent', file, why: `the key file ${file} cannot be read` };
  if (!isEncrypted(text.toString('latin1'))) return { kind: 'usable', file, text };
  const passphrase = known ?? (await options.askPassphrase?.(file));
  if (passphrase !== undefined) {
    if (await opensWith(text, passphrase)) return { kind: 'usable', file, text, passphrase };
    return { kind: 'locked', file, why: `the passphrase that was given does not open the key file ${file}` };
  }
  return { kind: 'locked', file, why: `the key file ${file} is encrypted and no passphrase was given` };
}

// ssh2 takes a dead agent for the end of the whole login; so it is asked first.
export function liveAgent(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const say = (answer: string | undefined): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('connect', () => say(path)).on('error', () => say(undefined));
    socket.setTimeout(2000, () => say(undefined));
  });
}

function passwordCredentials(username: string, password: Secret<string>): Credential[] {
  // Every hidden question gets the password: hosts that ask through PAM often ask in their own words.
  const prompt: KeyboardInteractiveAuthMethod['prompt'] = (_name, _instructions, _lang, prompts, finish) =>
    finish(prompts.map((each) => (each.echo === true ? '' : reveal(password))));
  return [
    { label: 'password', method: { type: 'password', username, password: reveal(password) } },
    { label: 'keyboard-interactive', method: { type: 'keyboard-interactive', username, prompt } },
  ];
}

/** Hands out one way after the other, those that the server still accepts; `tried` tells afterwards which. */
export function authentication(usable: readonly Credential[]): {
  readonly tried: readonly string[];
  readonly next: (accepted: readonly AuthenticationType[] | null, partial: boolean | null) => AnyAuthMethod | false;
} {
  const tried: string[] = [];
  let queue = [...usable];
  const next = (accepted: readonly AuthenticationType[] | null, partial: boolean | null): AnyAuthMethod | false => {
    // The server is content with one factor and asks for another: what was passed over before may now be wanted.
    if (partial === true) queue = [...usable];
    for (let each = queue.shift(); each !== undefined; each = queue.shift()) {
      const type = each.method.type === 'agent' ? 'publickey' : each.method.type;
      if (accepted !== null && !accepted.includes(type)) continue;
      if (!tried.includes(each.label)) tried.push(each.label);
      return each.method;
    }
    return false;
  };
  return { tried, next };
}
