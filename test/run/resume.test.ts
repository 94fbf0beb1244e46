import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { filesIn, read, type Started, type ThreeHosts, threeHosts } from './three-hosts.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let three: ThreeHosts;
beforeAll(async () => {
  three = await threeHosts();
});
beforeEach(() => three.reset());
afterAll(() => three.remove());

const all = ['h1', 'h2', 'h3'].flatMap((host) =>
  ['first', 'last', 'slow', 'slow-after'].map((file) => `${host}/${file}`),
);

/** Until the slow role is under way on all three hosts. */
async function underWay(run: Started): Promise<void> {
  let seen = '';
  const count = (): number => seen.split('"line":"begun"').length - 1;
  run.child.stdout?.on('data', (more: string) => (seen += more));
  for (let tries = 0; tries < 400 && count() < 3; tries++) await sleep(25);
  expect(count()).toBe(3);
}

/** `HOST ROLE` of the roles that were run. */
const rolesOf = (stdout: string): readonly string[] =>
  [...stdout.matchAll(/"type":"role-start","host":"(\w+)","play":"[^"]*","role":"(\w+)"/g)].map(
    ([, host, role]) => `${host} ${role}`,
  );

describe('a run that broke off', () => {
  it('by SIGKILL: --resume runs the roles that are left, and only these', async () => {
    const run = three.start('--json');
    await underWay(run);
    run.child.kill('SIGKILL');
    await run.ended;
    const rest = await three.run('--resume', '--json');
    expect(rest.stderr).toContain('3 roles on 3 hosts are done');
    expect(rest.code).toBe(0);
    expect(rolesOf(rest.stdout).filter((each) => each.endsWith('first'))).toEqual([]);
    expect(rolesOf(rest.stdout)).toHaveLength(6);
    expect(filesIn(three.made)).toEqual(all);
    const over = await three.run('--resume');
    expect(over).toMatchObject({ code: 3, stdout: '' });
    expect(over.stderr).toContain('did all it was to do');
  });

  it('by one Ctrl-C: what is under way ends, nothing new begins, each host is told; --resume goes on', async () => {
    const run = three.start('--json');
    await underWay(run);
    run.child.kill('SIGINT');
    const { code, stdout, stderr } = await run.ended;
    expect(code).toBe(130);
    expect(filesIn(three.made)).toEqual(all.filter((file) => /first|slow$/.test(file)));
    expect(stdout.match(/"type":"host-failed","host":"h\d"/g)).toHaveLength(3);
    expect(stderr).toContain('to go on where it stopped: --resume');
    expect((await three.run('--resume', '--json')).code).toBe(0);
    expect(filesIn(three.made)).toEqual(all);
  });

  it('by two: what runs on the hosts is stopped, with its children', async () => {
    const run = three.start('--json');
    await underWay(run);
    run.child.kill('SIGINT');
    await sleep(100);
    run.child.kill('SIGINT');
    expect((await run.ended).code).toBe(130);
    expect(filesIn(three.made)).toEqual(all.filter((file) => file.endsWith('first')));
    const left = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
    expect(left.split('\n').filter((line) => line.includes(three.made))).toEqual([]);
    expect((await three.run('--resume', '--json')).code).toBe(0);
  });

  it('a role whose vars are others now runs again, and those after it', async () => {
    const run = three.start('--json');
    await underWay(run);
    run.child.kill('SIGKILL');
    await run.ended;
    const rest = await three.run('--resume', '--json', '-e', 'text=other');
    expect(rest.stderr).toContain('the vars of h1, h2, h3 are others now');
    expect(rolesOf(rest.stdout)).toHaveLength(9);
    expect(read(join(three.made, 'h1/first'))).toBe('other');
  });

  it('keeps its selection, for its owner alone', async () => {
    mkdirSync(join(three.made, 'h2'), { recursive: true });
    mkdirSync(join(three.made, 'h2/last'));
    expect((await three.run('--tags', 'first,last', '--limit', 'h2', '--plain')).code).toBe(2);
    const folder = join(three.folder, '.konverge/runs');
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readdirSync(folder).map((name) => statSync(join(folder, name)).mode & 0o777)).toEqual([0o600]);
    const refused = await three.run('--resume', '--limit', 'h1');
    expect(refused.stderr).toContain('type --resume without --limit');
    expect(refused.code).toBe(3);
    execFileSync('rmdir', [join(three.made, 'h2/last')]);
    expect(rolesOf((await three.run('--resume', '--json')).stdout)).toEqual(['h2 last']);
    expect(filesIn(three.made)).toEqual(['h2/first', 'h2/last']);
  });

  it('that nobody knows of is nothing to go on with', async () => {
    const { code, stderr } = await three.run('--resume');
    expect(code).toBe(3);
    expect(stderr).toContain('no run of three on this inventory is known here');
    expect((await three.run('--resume', '--check')).stderr).toContain('type --resume, or --check');
  });

  it('a journal that cannot be written does not stop a run', async () => {
    writeFileSync(join(three.folder, '.konverge'), 'a file in its place');
    const { code, stderr } = await three.run('--tags', 'first', '--plain');
    expect({ code, told: stderr.match(/no journal is kept/g)?.length }).toEqual({ code: 0, told: 1 });
    expect(existsSync(join(three.made, 'h3/first'))).toBe(true);
  });
});

describe('--start-at', () => {
  it('leaves out what stands before', async () => {
    const { code, stdout } = await three.run('--start-at', 'last', '--json');
    expect(code).toBe(0);
    expect(rolesOf(stdout).toSorted()).toEqual(['h1 last', 'h2 last', 'h3 last']);
    expect((await three.run('--start-at', 'slow', '--list-tasks')).stdout).not.toContain('first');
  });
  it('names what it does not know', async () => {
    const { code, stderr } = await three.run('--start-at', 'lats');
    expect(code).toBe(3);
    expect(stderr).toContain("did you mean 'last'? roles in order: first, slow, last");
  });
});

describe('--step', () => {
  /** The answers are typed two seconds apart, as a person would. */
  const onTerminal = (...answers: readonly string[]): string => {
    const typed = join(three.folder, 'typed.sh');
    const program = `${process.execPath} --import tsx three.ts --step --skip-tags slow --limit h1,h2`;
    writeFileSync(typed, `cd ${three.folder}\n${program}\necho code=$?\n`);
    const input = answers.map((key) => `sleep 2; echo ${key}`).join('; ');
    return execFileSync('sh', ['-c', `(${input}; sleep 3) | script -qec 'sh ${typed}' /dev/null`], {
      encoding: 'utf8',
    });
  };

  it('asks once a role for all hosts: no skips it, yes runs it', () => {
    const shown = onTerminal('n', 'y');
    expect(shown.match(/The beginning · first: run it\?/g)).toHaveLength(1);
    expect(shown).toContain('code=0');
    expect(filesIn(three.made)).toEqual(['h1/last', 'h2/last']);
  });

  it('quit is an interrupt', () => {
    const shown = onTerminal('y', 'q');
    expect(shown).toContain('code=130');
    expect(filesIn(three.made)).toEqual(['h1/first', 'h2/first']);
  });

  it('needs a terminal', async () => {
    const { code, stderr } = await three.run('--step');
    expect(code).toBe(3);
    expect(stderr).toContain('there is no terminal to ask on');
  });
});
