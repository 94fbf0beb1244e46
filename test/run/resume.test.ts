import { appendFileSync, existsSync, mkdirSync, readdirSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { addSpareHost, filesIn, read, type ThreeHosts, threeHosts } from './three-hosts.ts';
import { resumeNotes, rolesOf } from './under-way.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let three: ThreeHosts;
beforeAll(async () => {
  three = await threeHosts();
});
beforeEach(() => three.reset());
afterAll(() => three.remove());

const hosts = ['h1', 'h2', 'h3'];

/** `last` fails on these: a folder is where its file is to be. */
function obstruct(...on: readonly string[]): void {
  for (const host of on) mkdirSync(join(three.made, host, 'last'), { recursive: true });
}

describe('--resume after a failure', () => {
  it('runs a role again that is given other vars, or another inventory, and all after it', async () => {
    obstruct(...hosts);
    expect((await three.here('--skip-tags', 'slow', '--json')).code).toBe(2);
    const other = 'first is given other vars, hosts or code now: it runs again, and all after it';
    const otherVars = await three.here('--resume', '--json', '-e', 'text=other');
    expect(resumeNotes(otherVars.stdout)).toEqual(hosts.map((host) => `${host} 0 roles are done already; ${other}`));
    expect(rolesOf(otherVars.stdout)).toEqual(hosts.flatMap((host) => [`${host} first`, `${host} last`]));
    expect(read(join(three.made, 'h1/first'))).toBe('other');

    const restore = addSpareHost(three.folder);
    // a program of its own: this process has read the inventory already
    const otherHosts = await three.run('--resume', '--json', '-e', 'text=other');
    restore();
    expect(resumeNotes(otherHosts.stdout)).toEqual(hosts.map((host) => `${host} 0 roles are done already; ${other}`));
    expect(rolesOf(otherHosts.stdout)).toEqual(hosts.flatMap((host) => [`${host} first`, `${host} last`]));
  });

  it('runs everything again when the code is another', async () => {
    obstruct('h1');
    expect((await three.run('--skip-tags', 'slow', '--limit', 'h1', '--json')).code).toBe(2);
    appendFileSync(join(three.folder, 'three.ts'), '// edited\n');
    const resumed = await three.run('--resume', '--json');
    expect(resumeNotes(resumed.stdout)).toEqual([expect.stringMatching(/^h1 0 roles .* given other .*code now/)]);
    expect(rolesOf(resumed.stdout)).toEqual(['h1 first', 'h1 last']);
  });

  it('keeps its selection; the journal is for its owner alone', async () => {
    obstruct('h2');
    expect((await three.here('--tags', 'first,last', '--limit', 'h2', '--plain')).code).toBe(2);
    const folder = join(three.folder, '.konverge/runs');
    for (const each of [folder, join(folder, '..')]) expect(statSync(each).mode & 0o777).toBe(0o700);
    expect(readdirSync(folder).map((name) => statSync(join(folder, name)).mode & 0o777)).toEqual([0o600]);
    expect(statSync(join(folder, '../.gitignore')).mode & 0o777).toBe(0o600);
    const refused = await three.here('--resume', '--limit', 'h1', '--start-at', 'last');
    expect(refused.stderr).toContain('type --resume without --limit and --start-at');
    expect(refused.code).toBe(3);
    rmdirSync(join(three.made, 'h2/last'));
    expect(rolesOf((await three.here('--resume', '--json')).stdout)).toEqual(['h2 last']);
    expect(filesIn(three.made)).toEqual(['h2/first', 'h2/last']);
  });

  it('refuses what is nothing to go on with', async () => {
    const unknown = await three.here('--resume');
    const check = await three.here('--resume', '--check');
    expect([unknown.code, check.code]).toEqual([3, 3]);
    expect(unknown.stderr).toContain('no run of three on this inventory is known here');
    expect(check.stderr).toContain('type --resume, or --check');
    expect(existsSync(join(three.folder, '.konverge'))).toBe(false);
  });

  it('is not offered, and stops nobody, where no journal could be written', async () => {
    writeFileSync(join(three.folder, '.konverge'), 'a file in its place');
    obstruct('h1');
    const { code, stderr } = await three.here('--skip-tags', 'slow', '--plain');
    expect({ code, told: stderr.match(/no journal is kept/g)?.length }).toEqual({ code: 2, told: 1 });
    expect(stderr).not.toContain('to go on where it stopped');
    expect(existsSync(join(three.made, 'h3/last'))).toBe(true);
  });

  it('is not offered for a plan: nothing that is not in it may be changed', async () => {
    const plan = join(three.folder, 'plan.json');
    expect((await three.here('--skip-tags', 'slow', '--check', '--out', plan, '--plain')).code).toBe(0);
    obstruct('h1');
    const applied = await three.here('--plan', plan, '--plain');
    expect(applied.code).toBe(2);
    expect(applied.stderr).not.toContain('--resume');
    const { code, stderr } = await three.here('--resume');
    expect(code).toBe(3);
    expect(stderr).toContain(`the last run of three applied the plan ${plan}`);
    expect(existsSync(join(three.made, 'h2/last'))).toBe(false);
  });
});

it('--start-at leaves out what stands before, and names what it does not know', async () => {
  const run = await three.here('--start-at', 'last', '--json');
  const list = await three.here('--start-at', 'slow', '--list-tasks');
  const unknown = await three.here('--start-at', 'lats');
  expect(run.code).toBe(0);
  expect(rolesOf(run.stdout)).toEqual(['h1 last', 'h2 last', 'h3 last']);
  expect(list.stdout).toContain('slow');
  expect(list.stdout).not.toContain('first');
  expect(unknown.code).toBe(3);
  expect(unknown.stderr).toContain("did you mean 'last'? roles in order: first, slow, last");
});
