import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { commandOf } from '../../lib/run/main.ts';
import { site as book } from '../../playbooks/site.ts';
import type { Mistake } from '../group-vars/mistake.ts';
import { networkMistakes } from '../group-vars/network-mistakes.ts';
import { varsMistakes } from '../group-vars/vars-mistakes.ts';
import type { Given } from '../inventory/base-vars.ts';
import { type Ended, inProcess } from '../run/in-process.ts';
import { type Door, openDoor } from './door.ts';

// site.ts with an inventory in which everything is right but one thing. Its hosts are all one port of this
// machine, where somebody counts who comes.

const root = resolve(import.meta.dirname, '../..');
let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door.close());
beforeEach(() => {
  before = door.visitors();
});
let before = 0;
const visitors = (): number => door.visitors() - before;

const program = join(root, 'playbooks/site.ts');

/** site.ts with these arguments where this inventory is. */
const site = (given: Given, ...args: readonly string[]): Promise<Ended> =>
  inProcess(commandOf(book), {
    folder: door.folderWith(given),
    file: program,
    args: ['--inventory', 'hosts.ts', ...args],
  });

/** The same as a process of its own. */
function siteProgram(given: Given, ...args: readonly string[]): Promise<Ended> {
  const words = ['--import', import.meta.resolve('tsx'), program, '--inventory', 'hosts.ts'];
  const options = { cwd: door.folderWith(given), env: { ...process.env, NO_COLOR: '1' } };
  return new Promise((ended) => {
    execFile(process.execPath, [...words, ...args], options, (error, stdout, stderr) =>
      ended({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

const named = (name: string): Mistake => {
  const found = [...networkMistakes, ...varsMistakes].find(([each]) => each === name);
  if (found === undefined) throw new Error(`there is no mistake '${name}'`);
  return found;
};

describe('refused before any connection, exit 3, with file and line and how to mend', () => {
  test.each([
    'a misspelt var',
    'a number in quotes',
    'a version without quotes',
    'a sysctl given twice',
    'a sysctl with a full stop of another alphabet',
    'podSubnet with host bits',
    'pods and services overlap',
    'pods and hosts overlap',
    'services and hosts overlap',
    'VIP outside the node network',
    'VIP is a host',
    'a weight that cannot move the VIP',
    'equal priorities',
    'too long a VRRP password',
    'the port of the API server',
    'an even number of etcd members',
    'Calico from a branch',
  ])('%s', async (name) => {
    const [, given, said, mend] = named(name);
    const { code, stdout, stderr } = await site(given);
    expect(stderr).toContain(said);
    expect(stderr).toContain(mend ?? 'mend');
    expect({ code, stdout, visitors: visitors() }).toEqual({ code: 3, stdout: '', visitors: 0 });
  });

  test.each([
    [['--tags', 'chronny'], "unknown tag 'chronny'", "did you mean 'chrony'?"],
    [['--skip-tags', 'hapoxy'], "unknown tag 'hapoxy'", "did you mean 'haproxy'?"],
    [['--limit', 'wn1'], 'wn1', "did you mean 'wn01'?"],
    [['--limit', 'workers:!wn03'], 'wn03', "did you mean 'mn03'?"],
    [['--limit', 'worker'], 'worker', "did you mean 'workers'?"],
    [['--limit', 'workers:!workers'], '--limit', 'mend'],
    [['--chek'], '--chek', 'did you mean --check?'],
    [['-e', 'firewall=rulez'], '-e firewall', "did you mean 'rules'?"],
    [['--forks', 'many'], '--forks', 'type for example --forks 20'],
  ])('%j', async (args, said, mend) => {
    const { code, stdout, stderr } = await site({}, ...args);
    expect(stderr).toContain(said);
    expect(stderr).toContain(mend);
    expect({ code, stdout, visitors: visitors() }).toEqual({ code: 3, stdout: '', visitors: 0 });
  });
});

test('a hosts.ts that is no ES module', async () => {
  const { code, stderr } = await siteProgram(
    { files: { 'package.json': '{}', '../package.json': '{}' } },
    '--list-hosts',
  );
  expect({ code, visitors: visitors() }).toEqual({ code: 3, visitors: 0 });
  expect(stderr).toMatch(/write \{ "type": "module" \} into \S+package\.json/);
});

test('as a program of its own', async () => {
  const [, given, said] = named('podSubnet with host bits');
  const { code, stdout, stderr } = await siteProgram(given);
  expect(stderr).toContain(said);
  expect({ code, stdout, visitors: visitors() }).toEqual({ code: 3, stdout: '', visitors: 0 });
});

test('the count can tell: without a mistake they are contacted, all five, and none lets us in', async () => {
  const { code } = await site({}, '--check', '--tags', 'preflight');
  expect(code).toBe(4);
  expect(visitors()).toBeGreaterThanOrEqual(5);
});
