import { expect, it } from 'vitest';
import { KonvergeError } from '../../lib/errors.ts';
import { failureText } from '../../lib/report/failure.ts';
import { file } from '../../lib/resources/file.ts';
import { sh } from '../../lib/sh.ts';
import { read, sources } from '../house/imports.ts';
import { converge } from '../resources/harness.ts';
import { sandbox } from '../resources/sandbox.ts';
import { textOf } from './markdown.ts';

const page = textOf('docs/troubleshooting.md');
const code = sources(['lib', 'roles']).map(read).join('\n');

it('explains every code that a failure can have, and no other', () => {
  const codes = [...code.matchAll(/new KonvergeError\('(\w+)'/g)].map(([, name = '']) => name);
  const [, explained = ''] = page.split(/^## The codes$/m);
  const headings = [...explained.matchAll(/^### (\w+)$/gm)].map(([, name = '']) => name);
  expect(headings.toSorted()).toEqual([...new Set(codes)].toSorted());
});

it('quotes what is really said', () => {
  const tables = page.match(/^\| it says.*\n(?:\|.*\n)+/gm) ?? [];
  const quoted = tables
    .flatMap((table) => table.trim().split('\n').slice(2))
    .map((row) => row.split('|')[1]?.trim() ?? '');
  expect(quoted.length).toBeGreaterThan(15);
  const pieces = quoted.flatMap((words) => words.split('…')).map((piece) => piece.trim());
  expect(pieces.filter((piece) => piece !== '' && !code.includes(piece))).toEqual([]);
});

it('shows a failure as it is printed', async () => {
  const host = await sandbox();
  await host.standIn('chronyd', 'echo "Fatal error : Could not parse pool directive at line 3" >&2; exit 1');
  const conf = file('/etc/chrony.conf', {
    content: 'pool\n',
    validate: (candidate) => sh`chronyd -p -f ${candidate}`,
  });
  const failed = await converge('dash', conf, host.surroundings).catch((error: unknown) => error);
  if (!(failed instanceof KonvergeError)) throw new Error('it should have failed');
  const shown = failureText(failed.at({ host: 'mn01', role: 'chrony', resource: 'file /etc/chrony.conf' }));
  const said = shown.replace(/(?<=\.konverge\.)[0-9a-f]+/, 'a9676efece9f');
  expect(page).toContain(`\`\`\`\n${said}\n\`\`\`\n`);
});
