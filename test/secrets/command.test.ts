import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { asKonvergeError } from '../../lib/errors.ts';
import { secret } from '../../lib/secret.ts';
import { decrypt, isAgeFile } from '../../lib/secrets/age.ts';
import type { SecretsContext } from '../../lib/secrets/command/context.ts';
import { runSecrets } from '../../lib/secrets/command/run.ts';
import { ageValuesIn } from '../../lib/secrets/vars-text.ts';
import { ageBlock, identity } from './identities.ts';

const mine = await identity();
const other = await identity();

interface Given {
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** standard input */
  readonly input?: string;
  /** what is typed on the terminal, answer by answer */
  readonly typed?: readonly string[];
}

/** A repository of its own; `mine` is its only recipient and the identity in the environment. */
function repository({ files = {}, env = {}, input = '', typed }: Given = {}) {
  const root = mkdtempSync(join(tmpdir(), 'konverge-secrets-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, 'group_vars'));
  const all = { '.age-recipients': `# us\n${mine.recipient} # me\n`, ...files };
  for (const [name, text] of Object.entries(all)) writeFileSync(join(root, name), text);
  const said: string[] = [];
  const answers = [...(typed ?? [])];
  const context: SecretsContext = {
    root,
    env: { HOME: root, PATH: process.env['PATH'], KONVERGE_AGE_IDENTITY: mine.key, ...env },
    program: 'secrets',
    say: (line) => said.push(line),
    ask:
      typed === undefined
        ? undefined
        : (question) => {
            said.push(question);
            return Promise.resolve(secret(answers.shift() ?? ''));
          },
    input: () => Promise.resolve(secret(input)),
  };
  const at = (name: string): string => join(root, name);
  return {
    at,
    said,
    read: (name: string) => readFileSync(at(name), 'utf8'),
    run: (...args: string[]) => runSecrets(args, context),
  };
}

const opens = async (armored: string, who = mine): Promise<string> =>
  (await decrypt(Buffer.from(armored), [secret(who.key)])).toString('utf8');
const refusal = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(() => undefined, asKonvergeError);
  return error?.code === 'BadInput'
    ? `${error.message} → ${error.details.mend ?? ''}`
    : `not refused: ${String(error)}`;
};
const mode = (file: string): string => (statSync(file).mode & 0o7777).toString(8);

describe('keygen', () => {
  test('makes an identity for its owner alone, in a folder that is made for it', async () => {
    const { at, run, read } = repository({ input: 'sesame' });
    const recipient = await run('keygen');
    expect(recipient).toMatch(/^age1[0-9a-z]{58}\n$/);
    expect(mode(at('.config/konverge/age.txt'))).toBe('600');
    expect(mode(at('.config/konverge'))).toBe('700');
    const text = read('.config/konverge/age.txt');
    expect(text).toContain(`# public key: ${recipient}`);
    const key = /^AGE-SECRET-KEY-1\w+$/m.exec(text)?.[0] ?? '';
    const [value] = ageValuesIn(`a: ${await run('encrypt', '-r', recipient.trim())}`, 'f');
    expect(await opens(value?.armored ?? '', { ...mine, key })).toBe('sesame');
  });

  test('never overwrites one', async () => {
    const { at, run, read } = repository({ files: { 'mine.txt': 'precious' } });
    expect(await refusal(run('keygen', at('mine.txt')))).toContain('mine.txt exists, and is never overwritten → ');
    expect(read('mine.txt')).toBe('precious');
  });
});

describe('encrypt', () => {
  test.each([
    ['one line, without its line end', 'open-sesame\n', 'open-sesame'],
    ['one line as it is', 'open-sesame', 'open-sesame'],
    ['several lines as they are', 'one\ntwo\n', 'one\ntwo\n'],
  ])('standard input to a block to paste: %s', async (_, input, value) => {
    const printed = await repository({ input }).run('encrypt');
    expect(printed).toMatch(/^!age \|\n {2}-----BEGIN AGE ENCRYPTED FILE-----\n/);
    expect(await opens(ageValuesIn(`a: ${printed}`, 'f')[0]?.armored ?? '')).toBe(value);
    expect(printed).not.toContain('sesame');
  });

  test('asks twice on a terminal', async () => {
    const { run, said } = repository({ typed: ['open-sesame', 'open-sesame'] });
    const printed = await run('encrypt', '-r', other.recipient);
    expect(said).toEqual(['Value (not shown): ', 'Once more: ']);
    expect(await opens(ageValuesIn(`a: ${printed}`, 'f')[0]?.armored ?? '', other)).toBe('open-sesame');
    const twice = repository({ typed: ['open-sesame', 'open-sesane'] });
    expect(await refusal(twice.run('encrypt'))).toContain('the two are not the same');
  });

  test('into a file: comments, the rest and the mode stay', async () => {
    const text = '# top\na: 1 # one\nm:\n  pass: !env P # why\n';
    const { at, run, read } = repository({ files: { 'group_vars/all.yaml': text }, input: 'open-sesame\n' });
    chmodSync(at('group_vars/all.yaml'), 0o640);
    await run('encrypt', '--in', at('group_vars/all.yaml'), '--key', 'm.pass');
    const after = read('group_vars/all.yaml');
    expect(after).toMatch(/^# top\na: 1 # one\nm:\n {2}pass: !age \| # why\n {4}-----BEGIN/);
    expect(await opens(ageValuesIn(after, 'f')[0]?.armored ?? '')).toBe('open-sesame');
    expect(mode(at('group_vars/all.yaml'))).toBe('640');
    expect(readdirSync(at('group_vars'))).toEqual(['all.yaml']);
  });

  test('a whole file', async () => {
    const { at, run, read, said } = repository({ files: { 'group_vars/all.yaml': 'a: open-sesame\n' } });
    await run('encrypt', at('group_vars/all.yaml'));
    expect(await opens(read('group_vars/all.yaml.age'))).toBe('a: open-sesame\n');
    expect(said.join('\n')).toContain('all.yaml is still there, readable');
    expect(await refusal(run('encrypt', at('group_vars/all.yaml')))).toContain('all.yaml.age exists');
    expect(await refusal(run('encrypt', at('group_vars/all.yaml.age')))).toContain('is encrypted already');
  });

  test.each([
    [['x', '--key', 'a'], 'x as a whole, or one value'],
    [['--key', 'a'], '--key wants --in → type secrets encrypt --in '],
    [['--in', 'f.yaml'], '--in wants --key'],
    [['a', 'b'], "unexpected argument 'b'"],
    [['--resipient', 'x'], "unknown option '--resipient' → did you mean --recipient?"],
    [['-r', 'age1nobody'], "--recipient: 'age1nobody' is no recipient"],
    [['-r', 'ssh-ed25519 AAAA'], 'keys of SSH are not supported'],
    [['-r', mine.key], '--recipient: that is an identity, the secret half of a key'],
    [['/nowhere.yaml'], '/nowhere.yaml cannot be read'],
    [['--in', '/nowhere.yaml', '--key', 'a'], '/nowhere.yaml cannot be read'],
    [[], 'standard input is empty'],
  ])('%j is refused', async (args, said) => {
    const refused = await refusal(repository().run('encrypt', ...args));
    expect(refused).toContain(said);
    expect(refused).not.toContain(mine.key);
  });

  test('without recipients, or with a bad line in their file', async () => {
    expect(await refusal(repository({ files: { '.age-recipients': '# none\n' } }).run('encrypt'))).toMatch(
      /there is nobody to encrypt for → type --recipient age1…, or write .*\.age-recipients/,
    );
    const { run } = repository({ files: { '.age-recipients': `${mine.recipient}\nage1x\n` } });
    expect(await refusal(run('encrypt'))).toMatch(/\.age-recipients:2: 'age1x' is no recipient/);
  });
});

describe('edit', () => {
  const sealed = async (text = 'a: 1\n') => ({ 'group_vars/all.yaml.age': await mine.seal(text) });
  /** An editor that leaves a note of where the draft is and how it is kept, and then does something. */
  function writeEditor(then: string): string {
    const folder = mkdtempSync(join(tmpdir(), 'konverge-editor-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'editor.mjs');
    const look = `import fs from 'node:fs'; import { dirname } from 'node:path'; const draft = process.argv[2];
      const mode = (path) => (fs.statSync(path).mode & 0o777).toString(8);
      fs.appendFileSync(process.argv[1] + '.notes', draft + ' ' + mode(draft) + ' ' + mode(dirname(draft)) + '\\n');\n`;
    writeFileSync(file, look + then);
    return file;
  }

  test('opens the text for us alone, in memory, and encrypts what was written', async () => {
    const editor = writeEditor("fs.appendFileSync(draft, 'b: 2\\n')");
    const { at, run, read } = repository({
      files: await sealed(),
      env: { EDITOR: `${process.execPath} ${editor}` },
    });
    chmodSync(at('group_vars/all.yaml.age'), 0o640);
    expect(await run('edit', at('group_vars/all.yaml.age'))).toContain('changed and encrypted for 1 key');
    expect(await opens(read('group_vars/all.yaml.age'))).toBe('a: 1\nb: 2\n');
    expect(mode(at('group_vars/all.yaml.age'))).toBe('640');
    const [draft = '', ...modes] = readFileSync(`${editor}.notes`, 'utf8').trim().split(' ');
    expect(modes).toEqual(['600', '700']);
    expect(draft).toMatch(existsSync('/dev/shm') ? /^\/dev\/shm\/.*\/all\.yaml$/ : /\/all\.yaml$/);
    expect(existsSync(join(draft, '..'))).toBe(false);
  });

  test('leaves the file alone when nothing was changed, or the editor failed', async () => {
    const { at, run, read } = repository({ files: await sealed(), env: { EDITOR: 'true' } });
    const before = read('group_vars/all.yaml.age');
    expect(await run('edit', at('group_vars/all.yaml.age'))).toContain('nothing was changed');
    const failing = repository({ files: await sealed(), env: { EDITOR: 'false' } });
    expect(await refusal(failing.run('edit', failing.at('group_vars/all.yaml.age')))).toContain(
      "'false' failed (exit 1)",
    );
    expect(read('group_vars/all.yaml.age')).toBe(before);
  });

  test('what is no YAML is told and offered again, and given up on request', async () => {
    // Once broken; the second time right.
    const EDITOR = `${process.execPath} ${writeEditor(`const text = fs.readFileSync(draft, 'utf8');
      fs.writeFileSync(draft, text.includes('[') ? 'a: 2\\n' : 'a: [\\n')`)}`;
    const given = { files: await sealed(), env: { EDITOR } };
    const again = repository({ ...given, typed: [''] });
    await again.run('edit', again.at('group_vars/all.yaml.age'));
    expect(again.said[0]).toContain('all.yaml:2:1  is no YAML');
    expect(await opens(again.read('group_vars/all.yaml.age'))).toBe('a: 2\n');
    const over = repository({ ...given, typed: ['n'] });
    expect(await refusal(over.run('edit', over.at('group_vars/all.yaml.age')))).toContain('nothing was changed');
    expect(await opens(over.read('group_vars/all.yaml.age'))).toBe('a: 1\n');
    const nobody = repository(given);
    expect(await refusal(nobody.run('edit', nobody.at('group_vars/all.yaml.age')))).toContain('is no YAML');
  });

  test('only what is encrypted as a whole, and for us', async () => {
    const files = { 'group_vars/all.yaml': 'a: 1\n', 'group_vars/web.yaml.age': await other.seal('a: 1\n') };
    const { at, run } = repository({ files });
    expect(await refusal(run('edit', at('group_vars/all.yaml')))).toContain(
      'is not encrypted as a whole → edit it as it is',
    );
    expect(await refusal(run('edit', at('group_vars/web.yaml.age')))).toContain('is encrypted for others');
    expect(await refusal(run('edit'))).toBe('which file? → type for example secrets edit group_vars/all.yaml.age');
    expect(await refusal(run('edit', at('none.age')))).toContain('cannot be read');
  });
});

describe('rekey', () => {
  const files = async () => ({
    'group_vars/all.yaml': `# top\nname: x # keep\npass: ${ageBlock(await mine.seal('open-sesame'), 6)}\nlast: 1\n`,
    'group_vars/web.yaml.age': await mine.seal(`inner: ${ageBlock(await mine.seal('within'))}`),
    'group_vars/plain.yaml': 'a: 1\n',
  });

  test('everything, for the recipients there are now; nothing else changes', async () => {
    const { run, read } = repository({
      files: { ...(await files()), '.age-recipients': `${mine.recipient}\n${other.recipient}\n` },
    });
    expect(await run('rekey')).toMatch(/all\.yaml: 1 value\n.*web\.yaml\.age: 1 value\nencrypted anew for 2 keys\n$/);
    const all = read('group_vars/all.yaml');
    expect(all).toMatch(
      /^# top\nname: x # keep\npass: !age \|\n {6}-----BEGIN[^#]*-----END AGE ENCRYPTED FILE-----\n\nlast: 1\n$/,
    );
    const [value] = ageValuesIn(all, 'f');
    expect(await opens(value?.armored ?? '', other)).toBe('open-sesame');
    expect(await opens(value?.armored ?? '')).toBe('open-sesame');
    const [inner] = ageValuesIn(await opens(read('group_vars/web.yaml.age'), other), 'f');
    expect(await opens(inner?.armored ?? '', other)).toBe('within');
    expect(read('group_vars/plain.yaml')).toBe('a: 1\n');
  });

  test('is all or nothing', async () => {
    const { run, read } = repository({
      files: { ...(await files()), 'group_vars/zz.yaml': `a: ${ageBlock(await other.seal('x'))}` },
    });
    const before = read('group_vars/all.yaml');
    expect(await refusal(run('rekey'))).toMatch(/zz\.yaml:1 {2}is encrypted for others.*; nothing was written/);
    expect(read('group_vars/all.yaml')).toBe(before);
  });

  test('a folder without secrets, or none', async () => {
    const { at, run } = repository({ files: { 'group_vars/all.yaml': 'a: 1\n' } });
    expect(await run('rekey', at('group_vars'))).toMatch(/^nothing in .* is encrypted\n$/);
    expect(await refusal(run('rekey', '/nowhere'))).toContain('the folder /nowhere cannot be read');
  });
});

describe('help', () => {
  const run = (...args: string[]) => repository().run(...args);

  test.each([['--help'], ['keygen', '-h'], ['encrypt', '--help'], ['edit', '--help'], ['rekey', '--help']])(
    '%s %s fits a screen and shows how',
    async (...args) => {
      const lines = (await run(...args)).split('\n');
      expect(lines.length).toBeLessThanOrEqual(50);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
      expect(lines[0]).toMatch(/^Usage: secrets /);
    },
  );

  test('what there is no command for', async () => {
    expect(await refusal(run())).toContain('type secrets --help');
    expect(await refusal(run('encrpyt'))).toBe("there is no command 'encrpyt' → did you mean 'encrypt'?");
    expect(await refusal(run('zzz'))).toContain('there are keygen, encrypt, edit, rekey');
  });
});

test('a file of age is known by how it begins', async () => {
  expect(isAgeFile(Buffer.from(await mine.seal('x')))).toBe(true);
  expect(isAgeFile(Buffer.from('age-encryption.org/v1\n-> X25519'))).toBe(true);
  expect(isAgeFile(Buffer.from('a: age-encryption.org/v1\n'))).toBe(false);
});
