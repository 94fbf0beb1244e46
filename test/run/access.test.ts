import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../lib/inventory/types.ts';
import { type Asker, askForAccess } from '../../lib/run/access.ts';
import { reveal, type Secret, secret } from '../../lib/secret.ts';
import { password, prepareMachine, type Sshd, startSshd, users } from '../connection/sshd.ts';
import { type Project, project } from '../secrets/project.ts';
import { onTerminal } from '../secrets/terminal.ts';

const host = (name: string, more: Partial<Pick<Host, 'ssh' | 'become'>> = {}): Host => ({
  name,
  address: '127.0.0.1',
  groups: [],
  vars: {},
  ssh: {},
  become: { method: 'auto' },
  local: false,
  ...more,
});
const shown = (value: Secret<string> | undefined) => (value === undefined ? undefined : reveal(value));
const nobody = new Set<string>();

/** Somebody who gives these answers, and what was asked. */
function answering(...answers: readonly string[]): Asker & { readonly questions: string[] } {
  const questions: string[] = [];
  return {
    questions,
    isThere: () => true,
    ask(question) {
      questions.push(question);
      return Promise.resolve(secret(answers[questions.length - 1] ?? ''));
    },
  };
}

describe('passwords that are asked for', () => {
  const own = host('own', {
    ssh: { password: secret('own-ssh') },
    become: { method: 'sudo', password: secret('own-sudo') },
  });

  it('go to the hosts that have none, each asked once', async () => {
    const asker = answering('asked-ssh', 'asked-sudo');
    const { hosts } = await askForAccess([host('a'), own, host('b')], nobody, { pass: true, becomePass: true }, asker);
    expect(hosts.map(({ ssh, become }) => [shown(ssh.password), shown(become.password)])).toEqual([
      ['asked-ssh', 'asked-sudo'],
      ['own-ssh', 'own-sudo'],
      ['asked-ssh', 'asked-sudo'],
    ]);
    expect(asker.questions).toHaveLength(2);
  });

  it('are the same when the second is left empty', async () => {
    const { hosts } = await askForAccess([host('a')], nobody, { pass: true, becomePass: true }, answering('one', ''));
    expect(shown(hosts[0]?.become.password)).toBe('one');
  });

  it('one alone: the other stays unknown', async () => {
    const { hosts } = await askForAccess(
      [host('a')],
      nobody,
      { pass: false, becomePass: true },
      answering('sudo-only'),
    );
    expect([shown(hosts[0]?.ssh.password), shown(hosts[0]?.become.password)]).toEqual([undefined, 'sudo-only']);
    const none = askForAccess([host('a')], nobody, { pass: false, becomePass: true }, answering(''));
    await expect(none).rejects.toMatchObject({ code: 'BadInput', message: 'no password was typed' });
  });

  it.each([
    [{ pass: true, becomePass: false }, /^--ask-pass asks on a terminal/, /ssh\.password/],
    [{ pass: false, becomePass: true }, /^--ask-become-pass asks on a terminal/, /become\.password/],
  ])('need a terminal: %j', async (asked, message, mend) => {
    const asker = { ...answering(), isThere: () => false };
    await expect(askForAccess([host('a')], nobody, asked, asker)).rejects.toMatchObject({
      code: 'BadInput',
      message: expect.stringMatching(message),
      details: { mend: expect.stringMatching(mend) },
    });
  });
});

describe('with a real sshd', () => {
  let sshd: Sshd;
  let made: Project[] = [];
  const vars = (folder: string): string =>
    `vault: { folder: ${folder}, plain: pppppppp, value: vvvvvvvvv, inFile: ffffffff, extra: eeeeeeee, typed: tttttttt }\n`;
  const projectFor = (user: string, identity: object = {}): Project => {
    const { port, knownHosts } = sshd;
    const one = project({ ssh: { port, knownHosts, user, ...identity } });
    one.write('group_vars/all.yaml', vars(one.host));
    made = [...made, one];
    return one;
  };

  beforeAll(async () => {
    prepareMachine();
    sshd = await startSshd({ ownRun: true });
    spawnSync('cp', [sshd.key, join(sshd.folder, 'locked')]);
    spawnSync('ssh-keygen', ['-p', '-P', '', '-N', 'open-sesame', '-f', join(sshd.folder, 'locked')]);
  }, 300_000);
  afterAll(async () => {
    for (const each of made) each.remove();
    await sshd.remove();
  });
  const env = () => ({ ...process.env, SSH_AUTH_SOCK: '' });

  it('-k and -K: asked once, unseen, Enter takes the same for sudo', async () => {
    const { folder, host: place, command } = projectFor(users.asking);
    const terminal = onTerminal([...command, '-k', '-K', '--plain'], { cwd: folder, env: env() });
    await terminal.shows('SSH password: ');
    terminal.type(`${password}\r`);
    await terminal.shows('the same as the SSH password): ');
    terminal.type('\r');
    expect([await terminal.ended, terminal.screen()]).toEqual([0, expect.stringContaining('1 host')]);
    expect(terminal.screen()).not.toContain('Horse');
    expect(readFileSync(join(place, 'plain'), 'utf8')).toBe('pppppppp');
  }, 60_000);

  it('the passphrase of an encrypted key: asked again when it is wrong, once for a key', async () => {
    const { folder, host: place, command } = projectFor('root', { identity: join(sshd.folder, 'locked') });
    const terminal = onTerminal([...command, '--plain'], { cwd: folder, env: env() });
    await terminal.shows(`Passphrase of the key ${join(sshd.folder, 'locked')}`);
    terminal.type('open-sesam\r');
    await terminal.shows('That does not open it.');
    terminal.type('open-sesame\r');
    expect([await terminal.ended, terminal.screen()]).toEqual([0, expect.stringContaining('1 host')]);
    expect(terminal.screen()).not.toContain('sesam');
    expect(existsSync(join(place, 'login'))).toBe(true);
  }, 60_000);

  it('off a terminal: bad input for the flag, the known error for the key', async () => {
    const { folder, command } = projectFor('root', { identity: join(sshd.folder, 'locked') });
    const run = (...flags: string[]) => {
      const [program = '', ...args] = [...command, ...flags];
      const child = spawn(program, args, { cwd: folder, env: env(), stdio: ['ignore', 'pipe', 'pipe'] });
      let said = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
      return new Promise((resolve) => child.on('close', (code) => resolve({ code, said })));
    };
    // Side by side: none of them gets as far as the host's lock.
    const [asking, listing, connecting] = await Promise.all([run('-k'), run('-k', '--list-hosts'), run()]);
    expect(asking).toEqual({ code: 3, said: expect.stringContaining('--ask-pass asks on a terminal') });
    expect(listing).toMatchObject({ code: 0 });
    expect(connecting).toEqual({
      code: 4,
      said: expect.stringContaining('is encrypted and no passphrase was given'),
    });
  }, 60_000);

  it('Ctrl-C at the question ends the run before anything is contacted', async () => {
    const { folder, command, host: place } = projectFor(users.asking);
    const terminal = onTerminal([...command, '-k'], { cwd: folder, env: env() });
    await terminal.shows('SSH password: ');
    terminal.type('half\x03');
    expect(await terminal.ended).toBe(130);
    expect(existsSync(join(place, 'plain'))).toBe(false);
  }, 60_000);
});
