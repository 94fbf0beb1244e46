import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { secret } from '../../lib/secret.ts';
import { decrypt } from '../../lib/secrets/age.ts';
import { ageValuesIn } from '../../lib/secrets/vars-text.ts';
import { descendants } from '../connection/sshd.ts';
import { root } from '../house/imports.ts';
import { identity } from './identities.ts';
import { onTerminal } from './terminal.ts';

const tsx = join(root, 'node_modules/tsx/dist/loader.mjs');
const command = [process.execPath, '--import', tsx, join(root, 'playbooks/secrets.ts')];
const mine = await identity();

function folderOf(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'konverge-terminal-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

test('a value is typed unseen, with its mistakes corrected', async () => {
  const file = join(folderOf({ 'all.yaml': 'a: 1\n' }), 'all.yaml');
  const terminal = onTerminal([...command, 'encrypt', '-r', mine.recipient, '--in', file, '--key', 'pass']);
  await terminal.shows('Value (not shown): ');
  terminal.type('open-sesamf\x7fe\r');
  await terminal.shows('Once more: ');
  terminal.type('open-sesame\r');
  expect(await terminal.ended).toBe(0);
  expect(terminal.screen()).toContain('pass is encrypted');
  expect(terminal.screen()).not.toContain('sesa');
  const [value] = ageValuesIn(readFileSync(file, 'utf8'), file);
  const opened = await decrypt(Buffer.from(value?.armored ?? ''), [secret(mine.key)]);
  expect(opened.toString()).toBe('open-sesame');
});

test('Ctrl-C at the question ends it', async () => {
  const terminal = onTerminal([...command, 'encrypt', '-r', mine.recipient]);
  await terminal.shows('Value (not shown): ');
  terminal.type('half-a-sec\x03');
  expect(await terminal.ended).toBe(130);
  expect(terminal.screen()).not.toContain('half');
});

test.each(['SIGTERM', 'SIGHUP'] as const)(
  '%s while the editor is open: no plain text is left behind',
  async (signal) => {
    const folder = folderOf({ 'all.yaml.age': await mine.seal('a: canary\n') });
    const editor = join(folder, 'editor');
    writeFileSync(editor, '#!/bin/sh\necho "draft <$1>"\nexec tail -f "$1"\n', { mode: 0o755 });
    const env = { ...process.env, EDITOR: editor, KONVERGE_AGE_IDENTITY: mine.key };
    const file = join(folder, 'all.yaml.age');
    const terminal = onTerminal([...command, 'edit', '-r', mine.recipient, file], { env });
    await terminal.shows('a: canary');
    const draft = /draft <(.*)>/.exec(terminal.screen())?.[1] ?? '';
    expect(readFileSync(draft, 'utf8')).toBe('a: canary\n');
    const [pid = 0] = descendants(terminal.process.pid ?? 0);
    process.kill(pid, signal);
    expect(await terminal.ended).toBe(130);
    expect(existsSync(dirname(draft))).toBe(false);
    expect(readFileSync(file, 'utf8')).toContain('BEGIN AGE');
  },
);
