import { expect, test } from 'vitest';
import { file } from '../../lib/resources/file.ts';
import { sysctls } from '../../lib/resources/sysctls.ts';
import { unit } from '../../lib/resources/unit.ts';
import { evidenceOf, probeWithFile } from '../../lib/resources/with-file.ts';
import { sh } from '../../lib/sh.ts';
import { runOn, shells, tempFolder } from './harness.ts';

test.each(shells)('in %s: lines first, then the file, byte for byte', async (shell) => {
  const path = `${await tempFolder()}/x`;
  const itself = file(path, { content: '--- file\nabsent\n' });
  const probe = probeWithFile(itself, sh`echo one; exit 0`);
  expect(probe.parse((await runOn(shell, probe.script)).stdout)).toEqual({ file: { type: 'absent' }, more: ['one'] });
  await runOn(shell, sh`printf '%s\n' '--- file' 'absent ' >${path}`);
  const now = probe.parse((await runOn(shell, probe.script)).stdout);
  expect(now.more).toEqual(['one']);
  expect(now.file).toMatchObject({ type: 'file', content: Buffer.from('--- file\nabsent \n') });
});

test('what fails fails the question', async () => {
  const probe = probeWithFile(file('/x', { content: '' }), sh`exit 3`);
  expect((await runOn('dash', probe.script)).code).toBe(3);
});

test('evidence is passed on', () => {
  const evidence = { paths: ['/x'], digest: 'd' };
  expect(evidenceOf({ evidence })).toEqual({ evidence });
  expect(evidenceOf({})).toEqual({});
});

test('answers that were cut short are no properties', () => {
  const out = Buffer.from('--- file\nabsent\n');
  expect(unit('x.service', { content: '' }).probe.parse(out)).toMatchObject({ load: '', outdated: false });
  const { live } = sysctls('99-x.conf', { 'a.b': 1 }).probe.parse(out);
  expect(live.get('a.b')).toEqual({ value: undefined, writable: false, tried: undefined });
});
