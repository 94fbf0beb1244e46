import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { sshArguments } from '../identity.ts';
import { groups, type HostName, network } from '../layout.ts';
import { changed, lab, on, site } from '../ring/site.ts';

const holder = (): HostName | undefined =>
  groups.controlPlane.find((name) => on(name, 'ip -o addr').includes(` ${network.vip}/`));

const answers = (): boolean =>
  spawnSync('ssh', [...sshArguments('wn01'), `curl -sk --max-time 1 https://${network.vip}:8443/readyz`], {
    encoding: 'utf8',
  }).stdout === 'ok';

describe('the host that holds the VIP', () => {
  it('is stopped: the API answers through the VIP again within 10 s', async () => {
    const first = holder();
    expect(first).toBeDefined();
    if (first === undefined) return;
    lab('stop', first);
    const stopped = performance.now();
    while (!answers()) {
      expect(performance.now() - stopped).toBeLessThan(10_000);
      await sleep(250);
    }
    process.stdout.write(
      `the API answered through the VIP after ${((performance.now() - stopped) / 1000).toFixed(1)} s\n`,
    );
    lab('start', first);
  });

  it('is started again: site.ts reports 0 changed', () => {
    const run = site();
    expect(run.failures).toEqual([]);
    expect(changed(run)).toEqual([]);
    expect(run.code).toBe(0);
  });
});

describe('the control plane that made the cluster', () => {
  it('is wiped and replaced by a bare host of the same name: site.ts makes it a member again', () => {
    lab('reset', 'mn01');
    const run = site();
    expect(run.failures).toEqual([]);
    expect(run.code).toBe(0);
    const made = run.resources.filter(({ role, status }) => role === 'kubeadm-init' && status === 'changed');
    expect(made).toEqual([]);
    const nodes = on('mn02', 'kubectl --kubeconfig /etc/kubernetes/admin.conf get nodes --no-headers').split('\n');
    expect(nodes.filter((node) => / Ready /.test(node))).toHaveLength(5);
    expect(changed(site())).toEqual([]);
  });
});
