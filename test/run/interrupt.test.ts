import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { pidsOf } from '../connection/sshd.ts';
import { filesIn, type ThreeHosts, threeHosts } from './three-hosts.ts';
import { pressCtrlC, resumeNotes, rolesOf, signal, skippedOf, slowUnderWay, wakingUntil } from './under-way.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let three: ThreeHosts;
beforeAll(async () => {
  three = await threeHosts();
});
beforeEach(() => three.reset());
afterAll(() => three.remove());

const hosts = ['h1', 'h2', 'h3'];
const all = hosts.flatMap((host) => ['first', 'last', 'slow', 'slow-after'].map((file) => `${host}/${file}`));
const rest = hosts.flatMap((host) => [`${host} last`, `${host} slow`]);

it('one Ctrl-C: what is under way ends, nothing new begins, each host is told; --resume goes on', async () => {
  const run = three.start('--json');
  await slowUnderWay(three, run);
  await pressCtrlC(run);
  three.wake();
  const { code, stdout, stderr } = await run.ended;
  expect(code).toBe(130);
  expect(filesIn(three.made)).toEqual(all.filter((file) => /first|slow$/.test(file)));
  expect(stdout).toMatch(/"type":"stopping","text":"stopping: every host finishes what it is at; Ctrl-C again/);
  expect(stdout.match(/"type":"host-failed","host":"h\d"/g)).toHaveLength(3);
  expect(stderr).toContain('h1, h2, h3: in slow; left: slow, last\nto go on where it stopped: --resume\n');
  const resumed = await three.here('--resume', '--json');
  expect(resumed.code).toBe(0);
  expect(rolesOf(resumed.stdout)).toEqual(rest);
  expect(filesIn(three.made)).toEqual(all);
});

it('a terminal that is closed is a first Ctrl-C, and no reason to fall over', async () => {
  const run = three.start('--plain');
  await slowUnderWay(three, run);
  run.child.stdout?.destroy();
  run.child.stderr?.destroy();
  await signal(run, 'SIGHUP');
  three.wake();
  expect((await run.ended).code).toBe(130);
  expect(filesIn(three.made)).toEqual(all.filter((file) => /first|slow$/.test(file)));
  const resumed = await three.run('--resume', '--json');
  expect(rolesOf(resumed.stdout)).toEqual(rest);
});

it('two: what runs on the hosts is stopped, with its children; --resume goes on', async () => {
  const run = three.start('--json');
  await slowUnderWay(three, run);
  await pressCtrlC(run);
  await pressCtrlC(run);
  const { code, stderr } = await run.ended;
  expect(pidsOf(three.slow)).toEqual([]);
  expect(code).toBe(130);
  expect(stderr).toContain('h1, h2, h3: in slow; left: slow, last\n');
  expect(filesIn(three.made)).toEqual(all.filter((file) => file.endsWith('first')));
  const resumed = await wakingUntil(three, three.here('--resume', '--json'));
  expect(resumed.code).toBe(0);
  expect(filesIn(three.made)).toEqual(all);
});

it('SIGKILL: what is under way goes on; --resume waits for it, and runs what is left and only that', async () => {
  const run = three.start('--json');
  await slowUnderWay(three, run);
  run.child.kill('SIGKILL');
  await run.ended;
  expect(pidsOf(three.slow)).toHaveLength(3);
  const resuming = three.start('--resume', '--json');
  let said = '';
  resuming.child.stdout?.on('data', (text: string) => (said += text));
  await expect.poll(() => said.match(/waits for what a run that was killed/g), { timeout: 30_000 }).toHaveLength(3);
  three.wake();
  const resumed = await resuming.ended;
  expect(resumed.code).toBe(0);
  expect(rolesOf(resumed.stdout)).toEqual(rest);
  expect(resumeNotes(resumed.stdout)).toEqual(hosts.map((host) => `${host} 1 role is done already`));
  expect(skippedOf(resumed.stdout)).toEqual([1, 1, 1]);
  expect(filesIn(three.made)).toEqual(all);
  const over = await three.here('--resume');
  expect(over).toMatchObject({ code: 3, stdout: '' });
  expect(over.stderr).toMatch(/the last run of three did all it was to do, at 20\d\d-/);
});
