import { type ConnectOptions, type LockedKey, lockedKeys } from '../connection/index.ts';
import { badInput } from '../errors.ts';
import type { Host } from '../inventory/types.ts';
import { reveal, type Secret } from '../secret.ts';
import { askSecret, hasTerminal } from '../secrets/index.ts';

export interface Asked {
  /** `--ask-pass`, `--ask-become-pass` */
  readonly pass: boolean;
  readonly becomePass: boolean;
}

/** How the hosts are reached, with all that the operator alone knew. */
export interface Access<H extends Host> {
  readonly hosts: readonly H[];
  readonly options: Pick<ConnectOptions, 'askPassphrase'>;
}

/** What asks, and whether anybody is there. */
export interface Asker {
  readonly isThere: () => boolean;
  readonly ask: (question: string) => Promise<Secret<string>>;
}

const operator: Asker = { isThere: hasTerminal, ask: askSecret };

/**
 * Asks, before the first connection, for the passwords that the flags ask for and for the passphrases of the encrypted keys
 * that the hosts of `played` need: each once, not shown. A password goes to every host whose inventory has none.
 * @throws BadInput when a flag asks and there is no terminal; Interrupted on Ctrl-C
 */
export async function askForAccess<H extends Host>(
  hosts: readonly H[],
  played: ReadonlySet<string>,
  asked: Asked,
  asker: Asker = operator,
): Promise<Access<H>> {
  const withPasswords = await withAskedPasswords(hosts, asked, asker);
  if (!asker.isThere()) return { hosts: withPasswords, options: {} };
  const passphrases = new Map<string, Secret<string>>();
  for (const key of await lockedKeys(withPasswords.filter(({ name }) => played.has(name)))) {
    const passphrase = await askPassphrase(key, asker);
    if (passphrase !== undefined) passphrases.set(key.file, passphrase);
  }
  const options = { askPassphrase: (file: string) => Promise.resolve(passphrases.get(file)) };
  return { hosts: withPasswords, options };
}

async function withAskedPasswords<H extends Host>(hosts: readonly H[], asked: Asked, asker: Asker) {
  const { pass, becomePass } = asked;
  if (!pass && !becomePass) return hosts;
  if (!asker.isThere()) {
    throw badInput(`${pass ? '--ask-pass' : '--ask-become-pass'} asks on a terminal, and standard input is none`, {
      mend: `run it on a terminal, or give the password in hosts.ts: ${pass ? 'ssh' : 'become'}.password`,
    });
  }
  const login = pass ? await answerTo('SSH password: ', asker) : undefined;
  const become = becomePass ? await becomePassword(login, asker) : undefined;
  return hosts.map((host) => ({
    ...host,
    ssh: login === undefined ? host.ssh : { password: login, ...host.ssh },
    become: become === undefined ? host.become : { password: become, ...host.become },
  }));
}

async function becomePassword(login: Secret<string> | undefined, asker: Asker): Promise<Secret<string>> {
  if (login === undefined) return answerTo('sudo password: ', asker);
  const answer = await asker.ask('sudo password (Enter: the same as the SSH password): ');
  return reveal(answer) === '' ? login : answer;
}

async function answerTo(question: string, { ask }: Asker): Promise<Secret<string>> {
  const answer = await ask(question);
  if (reveal(answer) !== '') return answer;
  throw badInput('no password was typed', { mend: 'run it again, or without --ask-pass and --ask-become-pass' });
}

const tries = 3;

/** undefined = this key is left out, as it is without a terminal. */
async function askPassphrase({ file, opensWith }: LockedKey, { ask }: Asker): Promise<Secret<string> | undefined> {
  for (let left = tries; left > 0; left--) {
    const again = left === tries ? '' : 'That does not open it. ';
    const answer = await ask(`${again}Passphrase of the key ${file} (Enter: go on without this key): `);
    if (reveal(answer) === '') return undefined;
    if (await opensWith(answer)) return answer;
  }
  return undefined;
}
