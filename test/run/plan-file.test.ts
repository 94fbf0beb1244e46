import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { filesIn, read, type ThreeHosts, threeHosts } from './three-hosts.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let three: ThreeHosts;
beforeAll(async () => {
  three = await threeHosts();
});
beforeEach(() => three.reset());
afterAll(() => three.remove());

const tags = ['--tags', 'first,last'];
const sixFiles = ['h1', 'h2', 'h3'].flatMap((host) => [`${host}/first`, `${host}/last`]);

describe('--check --out, then --plan', () => {
  it('applies exactly the plan, once; what drifts in between is refused before anything is changed', async () => {
    const plan = join(three.folder, 'plan.json');
    expect(await three.here('--check', '--out', plan, ...tags, '--plain')).toMatchObject({ code: 0, stderr: '' });
    expect(filesIn(three.made)).toEqual([]);
    expect(statSync(plan).mode & 0o777).toBe(0o600);
    expect(JSON.parse(read(plan))).toMatchObject({ playbook: 'three', selection: { tags: ['first', 'last'] } });

    const done = await three.here('--plan', plan, '--plain');
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(filesIn(three.made)).toEqual(sixFiles);

    const again = await three.here('--plan', plan, '--plain');
    expect(again.code).toBe(2);
    expect(again.stdout).toContain('it has drifted from the plan');
    expect(again.stdout).toContain('now there is nothing to change');
  });

  it('a file changed by hand in between: exit 2, naming host and resource, nothing touched anywhere', async () => {
    await three.here(...tags, '--plain');
    rmSync(join(three.made, 'h1/first'));
    rmSync(join(three.made, 'h3/last'));
    const plan = join(three.folder, 'plan.json');
    await three.here('--check', '--out', plan, ...tags, '--plain');
    writeFileSync(join(three.made, 'h2/last'), 'by hand');
    const refused = await three.here('--plan', plan, '--plain');
    expect(refused.code).toBe(2);
    expect(refused.stdout).toMatch(/h2 · last · file .*\/h2\/last: it has drifted from the plan: nothing was planned/);
    expect(refused.stdout).toMatch(/mend {2}look at what changed there, then make a new plan/);
    expect(filesIn(three.made)).toEqual(sixFiles.filter((file) => !['h1/first', 'h3/last'].includes(file)));
    expect(read(join(three.made, 'h2/last'))).toBe('by hand');
  });

  it('other vars than those of the plan are refused before any connection', async () => {
    const plan = join(three.folder, 'plan.json');
    await three.here('--check', '--out', plan, ...tags, '-e', 'text=canary-value', '--plain');
    const refused = await three.here('--plan', plan);
    expect(refused).toMatchObject({ code: 3, stdout: '' });
    expect(refused.stderr).toContain('the vars of h1, h2, h3 are not those that the plan was made with');
    expect(await three.here('--plan', plan, '-e', 'text=canary-value', '--plain')).toMatchObject({ code: 0 });
    expect(read(join(three.made, 'h1/last'))).toBe('canary-value');
  });

  it.each([
    [['--out', 'x.json'], 'type --check --out x.json'],
    [['--plan', 'hosts.ts'], '--check --out FILE'],
    [['--plan', 'nowhere.json'], 'cannot be read'],
    [['--plan', 'package.json'], 'make one: --check --out package.json'],
    [['--plan', 'x', '--tags', 'first'], 'type --plan without --tags'],
    [['--plan', 'x', '--limit', 'h1', '--start-at', 'last'], 'type --plan without --limit and --start-at'],
    [['--plan', 'x', '--check'], 'type --plan x alone'],
  ])('%j is misuse', async (args, mend) => {
    const { code, stdout, stderr } = await three.here(...args);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain(mend);
  });
});
