import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { password, prepareMachine, type Sshd, startSshd, users } from '../connection/sshd.ts';
import { ageBlock, type Identity, identity } from './identities.ts';
import { type Project, project } from './project.ts';
import { onTerminal } from './terminal.ts';
import { type Canary, canariesIn, filesBelow, isPrivate, openFiles, watch } from './watch.ts';

/** With all that shells, JSON, URLs and HTML spell in their own way. */
const canary = (name: string): Canary => ({ name, value: `c4n4ry-${randomBytes(6).toString('hex')} "'&+\\/é$x` });
const canaries = {
  plain: canary('plain'),
  value: canary('value'),
  inFile: canary('in-file'),
  extra: canary('extra'),
  /** `-e @file`; as `-e key=value` it would be in the command line of konverge itself, and is refused */
  typed: canary('typed'),
};
const login: Canary = { name: 'login', value: password };

let sshd: Sshd;
let home: Project;
let mine: Identity;
let everyone: readonly Canary[];

beforeAll(async () => {
  prepareMachine();
  [sshd, mine] = [await startSshd({ ownRun: true }), await identity()];
  home = projectWith({ password });
  const key = { name: 'identity', value: mine.key };
  everyone = [...Object.values(canaries), login, key];
  const { plain, value, inFile, extra } = canaries;
  const yaml = (text: string): string => JSON.stringify(text);
  home.write(
    'group_vars/all.yaml',
    `vault:\n  folder: ${home.host}\n  plain: ${yaml(plain.value)}\n  value: ${ageBlock(await mine.seal(value.value), 4)}`,
  );
  home.write('group_vars/web.yaml.age', await mine.seal(`vault: { inFile: ${yaml(inFile.value)} }\n`));
  home.write('extra.yaml', `vault: { extra: ${yaml(extra.value)} }\n`);
  home.write('typed.yaml', `vault: { typed: ${yaml(canaries.typed.value)} }\n`);
  home.write('age.txt', `${mine.key}\n`);
}, 300_000);
afterAll(async () => {
  home.remove();
  await sshd.remove();
});

function projectWith(secrets: { readonly password?: string }): Project {
  const { port, knownHosts } = sshd;
  const made = project({ ssh: { port, knownHosts, user: users.asking, ...secrets }, become: secrets });
  mkdirSync(join(made.folder, 'out'));
  return made;
}

const env = () => ({
  PATH: process.env['PATH'],
  HOME: home.folder,
  TMPDIR: join(home.folder, 'tmp'),
  KONVERGE_AGE_IDENTITY_FILE: join(home.folder, 'age.txt'),
});

/** Everything a run can write beside its output. */
const outputs = (name: string): readonly string[] =>
  ['junit', 'report', 'log'].flatMap((kind) => [`--${kind}`, join(home.folder, 'out', `${name}.${kind}`)]);

interface Ran {
  readonly code: number | null;
  readonly output: Buffer;
}

function run(args: readonly string[]): Promise<Ran> {
  const [program = '', ...words] = [...home.command, ...args];
  const child = spawn(program, words, { cwd: home.folder, env: env(), stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output: Buffer.concat(chunks) })));
}

/** No canary may be anywhere; but for the run's own command line, where the operator put this one. */
const watched = (test: string) => everyone.filter(({ name }) => test !== 'on-command-line' || name !== 'typed');

describe('no secret leaves its place', () => {
  const extra = ['-e', '@extra.yaml', '-e', 'vault.watched=true'];
  const typed = ['-e', '@typed.yaml'];
  const onCommandLine = ['-e', `vault.typed=${JSON.stringify(canaries.typed.value)}`];
  const failing = ['-e', 'vault.fails=true'];

  // What there was to see on the host.
  const atWork = /^sudo -S[^]*^sleep 10$/m;
  const nobody = /^\S*sshd\b[^\n]*$/;

  it.each<readonly [string, number, RegExp, RegExp, readonly string[]]>([
    [
      'check',
      0,
      /plain: would change: file \(secret\) absent/,
      atWork,
      ['--check', '--diff', '--verbose', '--plain', '--profile'],
    ],
    ['apply', 0, /"text":"plain is •••••,/, atWork, ['--verbose', '--json', '--diff', '--profile']],
    ['again', 0, /^n1 +4 +0 +0 /m, atWork, ['--verbose', '--plain', '--diff']],
    ['failing', 2, /^ {2}said {2}refused: '•••••'$/m, atWork, ['--verbose', '--plain', '--diff', ...failing]],
    ['failing-json', 2, /"line":"trying •••••"/, atWork, ['--verbose', '--json', ...failing]],
    ['vars', 0, /^vault\.value: "•••••" +# group_vars\/all\.yaml:4:3 \(!age\)$/m, nobody, ['--show-vars', 'n1']],
    ['refused', 3, /vault\.plain: must be text/, nobody, ['-e', 'vault={ plain: [1] }', '-e', 'vault.value=']],
    ['on-command-line', 3, /^ *-e vault\.typed {2}vault\.typed: is a secret/m, nobody, onCommandLine],
  ])(
    '%s',
    async (name, code, shows, runs, flags) => {
      const watching = watch({ canaries: watched(name), sshd: sshd.pid, folder: home.host });
      const ran = await run([...typed, ...flags, ...extra, ...outputs(name)]);
      const { leaks, hostSide, looks } = await watching.stop();
      expect([ran.code, ran.output.toString()]).toEqual([code, expect.stringMatching(shows)]);
      expect(canariesIn(ran.output, everyone)).toEqual([]);
      expect(leaks).toEqual([]);
      expect(looks).toBeGreaterThan(20);
      expect([...hostSide].join('\n')).toMatch(runs);
    },
    60_000,
  );

  it('typed on the terminal, with the live view', async () => {
    const asked = projectWith({});
    writeFileSync(join(home.folder, 'login.json'), readFileSync(join(asked.folder, 'login.json')), { mode: 0o600 });
    asked.remove();
    const watching = watch({ canaries: everyone, sshd: sshd.pid, folder: home.host });
    const flags = ['-kK', '--verbose', '--diff', ...failing, ...extra, '-e', '@typed.yaml', ...outputs('live')];
    const terminal = onTerminal([...home.command, ...flags], { cwd: home.folder, env: env() });
    await terminal.shows('SSH password: ');
    terminal.type(`${password}\r`);
    await terminal.shows('sudo password');
    terminal.type(`${password}\r`);
    expect(await terminal.ended).toBe(2);
    expect(terminal.screen()).toContain('exit 7');
    expect(canariesIn(Buffer.from(terminal.screen()), everyone)).toEqual([]);
    expect((await watching.stop()).leaks).toEqual([]);
  }, 60_000);

  it('is in no file but those it belongs to, and these are for their owner alone', () => {
    const holding = filesBelow(home.folder).filter((file) => canariesIn(readFileSync(file), everyone).length > 0);
    const names = holding.map((file) => file.slice(home.folder.length + 1)).toSorted();
    expect(names).toEqual([
      'age.txt',
      'extra.yaml',
      'group_vars/all.yaml',
      'host/all.conf',
      'host/plain',
      'typed.yaml',
    ]);
    expect(holding.filter((file) => !isPrivate(file))).toEqual([]);
    expect(readFileSync(join(home.host, 'plain'), 'utf8')).toBe(canaries.plain.value);
    const written = ['check', 'apply', 'again', 'failing', 'failing-json', 'live'].flatMap((name) =>
      ['junit', 'report', 'log'].map((kind) => join(home.folder, 'out', `${name}.${kind}`)),
    );
    expect(written.filter((file) => !existsSync(file))).toEqual([]);
    const inHost = (path: string): string => `/proc/${sshd.pid}/root${path}`;
    const elsewhereOnHost = [inHost('/run'), inHost('/var/lib/konverge'), sshd.folder].flatMap(filesBelow);
    expect(elsewhereOnHost).toContain(inHost('/run/konverge.lock'));
    expect(elsewhereOnHost.filter((file) => canariesIn(readFileSync(file), everyone).length > 0)).toEqual([]);
  });
});

describe('a leak would be seen', () => {
  const one: Canary = { name: 'one', value: 'c4n4ry-0123456789 "quoted" é' };

  it.each([
    ['as it is', (text: string) => text],
    ['in JSON', (text: string) => JSON.stringify({ text })],
    ['in a URL', encodeURIComponent],
    ['in base64', (text: string) => Buffer.from(text).toString('base64')],
    ['in base64 of more', (text: string) => Buffer.from(`x${text}yz`).toString('base64')],
    ['in HTML', (text: string) => text.replaceAll('"', '&quot;')],
  ])('%s', (_, spell) => {
    expect(canariesIn(Buffer.from(`before ${spell(one.value)} after`), [one])).not.toEqual([]);
    expect(canariesIn(Buffer.from(`before ${spell('innocent')} after`), [one])).toEqual([]);
  });

  it('in a command line, in an environment, in a file that others can read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'konverge-leak-'));
    const watching = watch({ canaries: [one], sshd: process.pid, folder });
    const child = spawn('sleep', ['1.3'], { argv0: `sleep ${one.value}`, env: { LEAK: one.value } });
    writeFileSync(join(folder, 'open'), one.value, { mode: 0o644 });
    writeFileSync(join(folder, 'closed'), one.value, { mode: 0o600 });
    await new Promise((resolve) => child.on('close', resolve));
    const { leaks, hostSide } = await watching.stop();
    expect(leaks.filter((leak) => leak.startsWith(`argv of ${child.pid} sleep`))).not.toEqual([]);
    expect(leaks.filter((leak) => leak.startsWith(`environment of ${child.pid} sleep`))).not.toEqual([]);
    expect(leaks.some((leak) => leak.startsWith(`${folder}/open (mode 644): one`))).toBe(true);
    expect([...hostSide].some((argv) => argv.includes('1.3'))).toBe(true);
    expect(openFiles(folder, [one]).filter((leak) => leak.includes('closed'))).toEqual([]);
    rmSync(folder, { recursive: true });
  });
});
