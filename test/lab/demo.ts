import { join } from 'node:path';
import { $ } from 'zx/core';
import { say } from './artefact.ts';
import { up } from './cli.ts';
import { sshArguments } from './identity.ts';
import { groups, hostNames } from './layout.ts';
import { locked } from './lock.ts';

/** The whole product on the whole lab: hosts, site.ts, and what the cluster says of itself. */

const root = join(import.meta.dirname, '..', '..');
const shown = $({ stdio: 'inherit', nothrow: true, cwd: root });

async function timed<T>(what: string, run: () => PromiseLike<T>): Promise<T> {
  const started = Date.now();
  const result = await run();
  say(`${what}: ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return result;
}

await timed('the lab is up', () => locked(() => up(hostNames)));
const words = ['--import', 'tsx', 'playbooks/site.ts', '--inventory', 'test/lab/hosts.ts', ...process.argv.slice(2)];
const site = await timed('site.ts', () => shown`${process.execPath} ${words}`);
if (site.exitCode === 0) {
  const [first] = groups.controlPlane;
  await shown`ssh ${sshArguments(first)} kubectl --kubeconfig /etc/kubernetes/admin.conf get nodes -o wide`;
}
process.exitCode = site.exitCode ?? 1;
