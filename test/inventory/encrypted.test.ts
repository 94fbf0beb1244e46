import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineInventory, groupVars } from '../../lib/inventory/define.ts';
import { parseOverrides } from '../../lib/inventory/overrides.ts';
import { secretString } from '../../lib/inventory/secret-schema.ts';
import { originAt, originText, plain } from '../../lib/inventory/tree.ts';
import { isSecret, reveal } from '../../lib/secret.ts';
import { ageBlock, type Identity, identity } from '../secrets/identities.ts';
import { failureOf, folderWith, loadIn } from './base-vars.ts';

const schema = z.strictObject({
  name: z.string().default('none'),
  level: z.enum(['low', 'high']).default('low'),
  count: z.int().default(1),
  loud: z.coerce.string().default(''),
  map: z.record(z.string(), z.number()).default({}),
  list: z.array(z.string()).default([]),
  pass: secretString({ max: 13 }).optional(),
  users: z.array(z.strictObject({ name: z.string(), key: secretString() })).default([]),
});
const definition = defineInventory({
  vars: groupVars('group_vars', schema),
  hosts: { a: { address: '10.0.0.1' }, b: { address: '10.0.0.2' } },
  groups: { web: ['b'] },
});

const mine = await identity();
const other = await identity();
const env = (who: Identity = mine) => ({ KONVERGE_AGE_IDENTITY: who.key });
const loadWith = async (files: Readonly<Record<string, string>>, given: Readonly<Record<string, string>> = env()) =>
  loadIn(folderWith(files), definition, { env: given });
const problems = async (files: Readonly<Record<string, string>>, given?: Readonly<Record<string, string>>) =>
  (await failureOf(loadWith(files, given))).split('\n').slice(1);
const opened = (value: unknown) => (isSecret<string>(value) ? reveal(value) : `not a secret: ${String(value)}`);

describe('!age', () => {
  test('is a Secret, wherever a secret is wanted', async () => {
    const text = `name: x\npass: ${ageBlock(await mine.seal('open-sesame'))}users:
  - name: u
    key: ${ageBlock(await mine.seal('two\nlines\n'), 6)}`;
    const loaded = await loadWith({ 'all.yaml': text });
    const [host] = loaded.hosts;
    expect(opened(host?.vars.pass)).toBe('open-sesame');
    expect(opened(host?.vars.users[0]?.key)).toBe('two\nlines\n');
    expect(loaded.showVars('a')).toContainEqual({
      path: 'pass',
      value: '"•••••"',
      origin: 'group_vars/all.yaml:2:1 (!age)',
    });
    expect(JSON.stringify(loaded.showVars('a'))).not.toMatch(/sesame|lines/);
  });

  test('made by age itself', async () => {
    // A throw-away identity of age-keygen 1.1.1, and what `age -a` made for it.
    const key = 'AGE-SECRET-KEY-15DRT2NYQWDTSKWW6LAJMNWY33M6M5KFXX6V3VWC8JX5ZLGLSP5MSSY4QTR';
    const armored = `-----BEGIN AGE ENCRYPTED FILE-----
YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBsaUpBUWJ4bWxtZWovZEdB
clVNdllucDNNRTVGOG91R2pUdm1YUDc2VGpVClhsaXdtdmRHS0ZodXVkNkxPclFW
T2ZPTFRrdG54ME9BR2VmWkU4a25tUFUKLS0tIGN1M2dZUzF6Zk4rbkVKcXNVYkxi
TnZQMmdKcS9Xd1B0eUQ4QXg2VTltbGcKh6qlPzyd6FDcC+uyGaiiUA5HHACXWCuI
lZ/0oYAnqwS1rS028EE5YXvyLhVv
-----END AGE ENCRYPTED FILE-----
`;
    const loaded = await loadWith({ 'all.yaml': `pass: ${ageBlock(armored)}` }, { KONVERGE_AGE_IDENTITY: key });
    expect(opened(loaded.hosts[0]?.vars.pass)).toBe('by age itself');
  });

  test('an anchor, and the vars of a group over those of all', async () => {
    const all = `pass: &p ${ageBlock(await mine.seal('of-all'))}users: [{ name: u, key: *p }]\n`;
    const loaded = await loadWith({ 'all.yaml': all, 'web.yaml': `pass: ${ageBlock(await mine.seal('of-web'))}` });
    expect(loaded.hosts.map(({ vars }) => opened(vars.pass))).toEqual(['of-all', 'of-web']);
    expect(opened(loaded.hosts[0]?.vars.users[0]?.key)).toBe('of-all');
  });

  test.each(['name', 'level', 'count', 'loud', 'map', 'list'])('is refused as %s, which is no secret', async (key) => {
    const text = `pass: x\n${key}: ${ageBlock(await mine.seal('open-sesame'))}`;
    expect(await problems({ 'all.yaml': text })).toEqual([
      `  group_vars/all.yaml:2:1  ${key}: is encrypted, but this var is no secret: it would be shown in diffs and logs`,
      '      mend: write it in plain text',
    ]);
  });

  test('obeys the schema, and is not repeated', async () => {
    const text = `pass: ${ageBlock(await mine.seal('much-too-long-a-secret'))}`;
    expect(await problems({ 'all.yaml': text })).toEqual([
      '  group_vars/all.yaml:1:1  pass: is 22 characters long, at most 13 are allowed',
      '      mend: take a shorter one',
    ]);
  });

  test('without an identity', async () => {
    const text = `\npass: ${ageBlock(await mine.seal('open-sesame'))}`;
    const folder = folderWith({});
    expect(await problems({ 'all.yaml': text }, { HOME: folder })).toEqual([
      '  group_vars/all.yaml:2:1  pass: is encrypted, and there is no age identity',
      expect.stringMatching(
        /mend: put yours into .*\/\.config\/konverge\/age\.txt \(mode 600\) or export KONVERGE_AGE_/,
      ),
    ]);
    // Nothing encrypted, nothing asked for.
    expect((await loadWith({ 'all.yaml': 'name: x\n' }, { HOME: folder })).hosts).toHaveLength(2);
  });

  test('with an identity of somebody else', async () => {
    const text = `pass: ${ageBlock(await other.seal('open-sesame'))}`;
    expect(await problems({ 'all.yaml': text })).toEqual([
      '  group_vars/all.yaml:1:1  pass: is encrypted for others: your age identity does not open it',
      expect.stringContaining('secrets.ts rekey'),
    ]);
  });

  test.each([
    ['damaged', (armored: string) => armored.replace(/\n(.{8})/, '\nAAAAAAAA')],
    ['only a part', (armored: string) => armored.split('\n').slice(0, 2).join('\n')],
    ['no age file at all', () => 'sesame'],
  ])('%s', async (_, damage) => {
    const text = `pass: ${ageBlock(damage(await mine.seal('open-sesame')))}`;
    expect((await problems({ 'all.yaml': text }))[0]).toMatch(
      /^ {2}group_vars\/all\.yaml:1:1 {2}pass: cannot be decrypted/,
    );
  });
});

describe('an identity file', () => {
  const fileWith = (text: string, mode: number): string => {
    const file = join(folderWith({}), 'age.txt');
    writeFileSync(file, text);
    chmodSync(file, mode);
    return file;
  };
  const sealed = async () => ({ 'all.yaml': `pass: ${ageBlock(await mine.seal('open-sesame'))}` });

  test('with comments, and with several keys', async () => {
    const file = fileWith(`# created: today\n# public key: age1…\n${other.key}\n\n${mine.key}\n`, 0o600);
    const loaded = await loadWith(await sealed(), { KONVERGE_AGE_IDENTITY_FILE: file });
    expect(opened(loaded.hosts[0]?.vars.pass)).toBe('open-sesame');
  });

  test.each([0o640, 0o604, 0o644])('that others may read (%o) is refused', async (mode) => {
    const file = fileWith(mine.key, mode);
    const [first, second] = await problems(await sealed(), { KONVERGE_AGE_IDENTITY_FILE: file });
    expect(first).toContain(`others may read the age identity ${file} (mode 0${mode.toString(8)})`);
    expect(second).toBe(`      mend: chmod 600 ${file}`);
  });

  test('that is not there, or holds no identity', async () => {
    const [absent] = await problems(await sealed(), { KONVERGE_AGE_IDENTITY_FILE: '/nowhere/age.txt' });
    expect(absent).toContain('there is no /nowhere/age.txt, which KONVERGE_AGE_IDENTITY_FILE names');
    const file = fileWith('# mine\nAGE-SECRET-KEY-1OOPS oops-canary\n', 0o600);
    const [wrong] = await problems(await sealed(), { KONVERGE_AGE_IDENTITY_FILE: file });
    expect(wrong).toContain(`${file}:2 holds no age identity`);
    expect(wrong).not.toContain('canary');
  });
});

describe('a whole file', () => {
  test.each(['web.yaml.age', 'web.yaml'])(
    '%s: strings where text is wanted, Secrets where secrets are',
    async (name) => {
      const sealed = await mine.seal('# hello\nname: hidden-name\npass: open-sesame\nlist: [x1, x2]\n');
      const loaded = await loadWith({ 'all.yaml': 'name: plain\n', [name]: sealed });
      expect(loaded.hosts[0]?.vars.name).toBe('plain');
      expect(loaded.hosts[1]?.vars).toMatchObject({ name: 'hidden-name', list: ['x1', 'x2'] });
      expect(opened(loaded.hosts[1]?.vars.pass)).toBe('open-sesame');
      const shown = loaded.showVars('b') ?? [];
      expect(shown).toContainEqual({
        path: 'name',
        value: '"•••••"',
        origin: `group_vars/${name}:2:1 (encrypted file)`,
      });
      expect(JSON.stringify(shown)).not.toMatch(/hidden-name|sesame|x1/);
    },
  );

  test('its problems name its lines and none of its values', async () => {
    const sealed = await mine.seal('name: 17\nlevel: canary-1\ncount: canary-2\npass: canary-is-too-long\nlits: x\n');
    const lines = await problems({ 'all.yaml.age': sealed });
    expect(lines).toEqual([
      '  group_vars/all.yaml.age:1:1  name: is a number where text is wanted',
      '  group_vars/all.yaml.age:2:1  level: the encrypted value is not one of low, high',
      '  group_vars/all.yaml.age:3:1  count: is text where a number is wanted',
      '  group_vars/all.yaml.age:4:1  pass: is 18 characters long, at most 13 are allowed',
      '      mend: take a shorter one',
      '  group_vars/all.yaml.age:5:1  lits: no such var',
      "      mend: did you mean 'list'?",
    ]);
  });

  test('broken YAML in it', async () => {
    const lines = await problems({ 'all.yaml.age': await mine.seal('name: x\ncanary-3 canary-4\n- canary-5: [\n') });
    expect(lines[0]).toMatch(/group_vars\/all\.yaml\.age:2:1 {2}is no YAML \(\w+\)/);
    expect(lines.join('\n')).not.toContain('canary');
  });

  test('with no identity, and with a name that lies', async () => {
    const sealed = await mine.seal('name: x\n');
    expect((await problems({ 'all.yaml.age': sealed }, { HOME: '/nowhere' }))[0]).toBe(
      '  group_vars/all.yaml.age  is encrypted, and there is no age identity',
    );
    expect(await problems({ 'all.yaml.age': 'name: x\n' })).toEqual([
      '  group_vars/all.yaml.age  is not encrypted, whatever its name says',
      '      mend: take .age off its name, and encrypt it',
    ]);
    expect((await problems({ 'all.yaml': '', 'all.yaml.age': sealed }))[0]).toBe(
      '  group_vars/all.yaml.age  stands for the same group as group_vars/all.yaml',
    );
  });

  test('of -e, and an encrypted value in it', async () => {
    const folder = folderWith({
      'more.yaml.age': await mine.seal('name: x\n'),
      'some.yaml': `pass: ${ageBlock(await mine.seal('open-sesame'))}`,
    });
    const given = [`@${folder}/group_vars/more.yaml.age`, `@${folder}/group_vars/some.yaml`];
    const tree = await parseOverrides(given, env());
    expect(plain(tree)).toMatchObject({ name: 'x' });
    expect(originText(originAt(tree, ['pass']))).toBe(`${folder}/group_vars/some.yaml:1:1`);
    expect(await failureOf(parseOverrides(given, env(other)))).toContain('is encrypted for others');
  });
});
