import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { execCommand } from '../../lib/adhoc/exec.ts';
import { execFlags } from '../../lib/adhoc/exec-flags.ts';
import { execHelp } from '../../lib/adhoc/exec-help.ts';
import { factsCommand, factsHelp } from '../../lib/adhoc/facts.ts';
import type { FlagSpecs } from '../../lib/arguments.ts';
import { siteFlags } from '../../lib/run/flags.ts';
import { helpText } from '../../lib/run/help.ts';
import { hostFlags } from '../../lib/run/host-flags.ts';
import { commandOf } from '../../lib/run/main.ts';
import type { Command } from '../../lib/run/program.ts';
import { print } from '../../lib/run/program.ts';
import { runSecrets } from '../../lib/secrets/command/run.ts';
import { site } from '../../playbooks/site.ts';
import { textOf } from '../docs/markdown.ts';
import { root } from '../house/imports.ts';
import { type Ended, inProcess } from '../run/in-process.ts';
import { type Door, openDoor } from './door.ts';

// docs/flags.md says of every flag what it is for, how it is typed, and what a mistake is told. All of that is tried here.

vi.setConfig({ testTimeout: 60_000 });

interface Row {
  readonly names: string;
  /** undefined = it can only be given where there is more than an inventory */
  readonly example: string | undefined;
  readonly mistake: string;
  readonly told: string;
}

const page = textOf('docs/flags.md');

function rowsOf(section: string): readonly Row[] {
  const [, text = ''] = page.split(`\n## ${section}`);
  const lines = (text.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| `'));
  return lines.map((line) => {
    const [, names = '', , example = '', mistake = '', told = ''] = line.split('|').map((cell) => cell.trim());
    const typed = (cell: string): string => cell.slice(1, -1);
    return { names, example: example.startsWith('`') ? typed(example) : undefined, mistake: typed(mistake), told };
  });
}

/** As a shell would take it apart. */
const argumentsOf = (typed: string): readonly string[] =>
  (typed.match(/(?:'[^']*'|[^\s'])+/g) ?? []).map((word) => word.replaceAll("'", ''));

const secretsCommand: Command = async (args) =>
  print(
    await runSecrets(args, {
      root,
      env: {},
      program: 'npx tsx playbooks/secrets.ts',
      say: () => undefined,
      ask: undefined,
      input: () => Promise.reject(new Error('nothing is to be read')),
    }),
  );

interface Program {
  readonly section: string;
  readonly file: string;
  readonly command: Command;
  readonly flags: FlagSpecs;
  readonly help: string;
}
const programs: readonly Program[] = [
  { section: 'site.ts', file: 'site.ts', command: commandOf(site), flags: siteFlags, help: helpText('site') },
  { section: 'exec.ts', file: 'exec.ts', command: execCommand(), flags: execFlags, help: execHelp },
  { section: 'facts.ts', file: 'facts.ts', command: factsCommand(), flags: hostFlags, help: factsHelp },
];
const all = programs.flatMap((program) => rowsOf(program.section).map((row) => ({ ...row, ...program })));

let door: Door;
let folder: string;
beforeAll(async () => {
  door = await openDoor();
  folder = door.folderWith({});
});
afterAll(() => door.close());

/** The program where `hosts.ts` and its group_vars are; it is told of them unless the typed words do. */
const run = ({ command, file }: Pick<Program, 'command' | 'file'>, typed: string): Promise<Ended> => {
  const words = argumentsOf(typed);
  const inventory = words.some((word) => /^(-i|--inventory)$/.test(word)) ? [] : ['-i', 'hosts.ts'];
  return inProcess(command, { folder, file: join(root, 'playbooks', file), args: [...inventory, ...words] });
};

describe.each(programs)('$section', ({ section, flags, help }) => {
  it('every flag has a row and stands in the help, and there are no others', () => {
    const names = Object.entries(flags).map(([name, { short }]) => `${short ? `\`-${short}\`, ` : ''}\`--${name}`);
    const rows = rowsOf(section).map((row) => row.names.replace(/( [A-Z][A-Z=,…1]*)?`$/, ''));
    expect(rows.toSorted()).toEqual(names.toSorted());
    for (const name of Object.keys(flags)) expect(help).toMatch(new RegExp(`--${name}\\b`));
  });
});

it.each(all)('$section $mistake is told what to type', async ({ mistake, told, ...program }) => {
  const before = door.visitors();
  const { code, stdout, stderr } = await run(program, mistake);
  expect(stderr).toContain(told);
  expect(stderr).toContain('mend');
  expect(stderr).not.toContain('hunter2');
  expect({ code, stdout, visitors: door.visitors() - before }).toEqual({ code: 3, stdout: '', visitors: 0 });
});

it.each([
  ['--limit=', '--limit is empty', "type for example --limit 'workers:!wn02', or leave it out"],
  ['--limit -wn01', "'-wn01' looks like a flag", '--limit=-wn01'],
  ['--limit @nowhere', "cannot read 'nowhere'", 'mend'],
  ['--limit wn01 --limit wn02', '--limit is given twice', 'type --limit once'],
  ['--tags ,', "--tags ',' names no tag", 'type for example --tags chrony,haproxy'],
  ['--inventory group_vars', 'group_vars', 'mend'],
  ['-e @group_vars', '-e @group_vars cannot be read', 'type for example -e @vars.yaml'],
  ['--check --out .', '--out . cannot be written: it is a directory', '--check --out plan.json'],
  ['--check --out nowhere/plan.json', '--out nowhere/plan.json cannot be written', '--check --out plan.json'],
  ['--plan group_vars', '--plan group_vars cannot be read', 'make one with --check --out FILE'],
  ['--plan hosts.ts', '--plan hosts.ts is no JSON', 'make one with --check --out FILE'],
  ['--log .', "cannot write '.'", 'name a file in a folder that exists'],
  ['--report .', "cannot write '.'", 'name a file in a folder that exists'],
  ['--extra-vars a=b', "unknown option '--extra-vars'", 'type -e key=value'],
  ['-u admin', "unknown option '-u'", 'hosts.ts'],
  ['chrony', "unexpected argument 'chrony'", '--tags chrony,haproxy'],
])('site.ts %s is told what is wrong and what to type', async (typed, wrong, told) => {
  const before = door.visitors();
  const { code, stdout, stderr } = await run({ command: commandOf(site), file: 'site.ts' }, typed);
  expect(stderr).toContain(wrong);
  expect(stderr).toContain(told);
  expect({ code, stdout, visitors: door.visitors() - before }).toEqual({ code: 3, stdout: '', visitors: 0 });
});

it.each(all.filter(({ example }) => example !== undefined))(
  '$section $example is accepted',
  async ({ example = '', ...program }) => {
    const { code, stderr } = await run(program, example);
    // 4: nobody is let in at the hosts of this test
    expect({ code, stderr }).toEqual({
      code: expect.toBeOneOf([0, 4]),
      stderr: expect.not.stringContaining('BadInput'),
    });
  },
);

it.each(rowsOf('secrets.ts'))('secrets.ts $mistake is told what to type', async ({ mistake, told }) => {
  const { code, stdout, stderr } = await inProcess(secretsCommand, { folder, file: '', args: argumentsOf(mistake) });
  expect(stderr).toContain(told);
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
});
