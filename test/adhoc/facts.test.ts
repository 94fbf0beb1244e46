import { hostname } from 'node:os';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { factsCommand } from '../../lib/adhoc/facts.ts';
import { freePort, prepareMachine, type Sshd, startSshd } from '../connection/sshd.ts';
import { here, inventoryOf, run } from './loopback.ts';

vi.setConfig({ testTimeout: 60_000 });

let sshd: Sshd;
let inventory: ReturnType<typeof inventoryOf>;

beforeAll(async () => {
  prepareMachine();
  sshd = await startSshd();
  const { port, key: identity, knownHosts } = sshd;
  inventory = inventoryOf([
    { name: 'cp1', groups: ['cp'], user: 'root', port, identity, knownHosts },
    { name: 'dead', groups: [], user: 'root', port: await freePort(), identity, knownHosts },
    { name: 'cp2', groups: ['cp'], user: 'root', port, identity, knownHosts },
  ]);
}, 300_000);
afterAll(async () => {
  inventory.remove();
  await sshd.remove();
});

it('a table a host, in the order of the inventory', async () => {
  const { code, stdout, stderr } = await run('facts.ts', ['-i', inventory.file, '--limit', 'cp2:cp1']);
  expect(stdout.match(/^\S+$/gm)).toEqual(['cp1', 'cp2']);
  expect(stdout).toMatch(/^ {2}os {17}\w+ [\d.]+/m);
  expect(stdout).toMatch(new RegExp(`^  hostname {11}${hostname()}$`, 'm'));
  expect(stdout).toMatch(/^ {2}memory {13}\d+ MiB$/m);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

it('an object a line, keyed by host; who cannot be reached is told beside it', async () => {
  const { code, stdout, stderr } = await here(factsCommand(), ['-i', inventory.file, '--json']);
  const lines: readonly Readonly<Record<string, unknown>>[] = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map((line) => Object.keys(line))).toEqual([['cp1'], ['cp2']]);
  expect(lines[0]?.['cp1']).toMatchObject({
    hostname: hostname(),
    cpus: expect.any(Number),
    os: { major: expect.any(Number) },
  });
  expect(stderr).toMatch(/^✖ dead: .*refuses the connection/);
  expect(code).toBe(4);
});
