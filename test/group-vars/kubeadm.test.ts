import { expect, test } from 'vitest';
import { kubeadmSettings } from '../../group_vars/kubeadm.ts';
import { hostSet } from '../../lib/inventory/cluster.ts';
import { load } from '../inventory/base-vars.ts';

async function kubeProxy(more: string): Promise<unknown> {
  const { hosts } = await load({ files: { 'control-plane.yaml': more } });
  return hosts.flatMap(({ groups, vars }) =>
    groups.includes('controlPlane') ? kubeadmSettings(vars, hostSet([])).kubeProxy : [],
  )[0];
}

const limit = 'sysctl: { net.netfilter.nf_conntrack_max: 2310720 }\n';

test('kube-proxy does not undo the limit of tracked connections that sysctl sets', async () => {
  expect(await kubeProxy(limit)).toEqual({ conntrack: { maxPerCore: 0, min: 0 } });
  const more = `${limit}kubeadm: { kubeProxy: { mode: ipvs, conntrack: { tcpCloseWaitTimeout: 1h } } }\n`;
  expect(await kubeProxy(more)).toEqual({
    mode: 'ipvs',
    conntrack: { maxPerCore: 0, min: 0, tcpCloseWaitTimeout: '1h' },
  });
});

test('without one it is kube-proxy’s own affair', async () => {
  expect(await kubeProxy('')).toEqual({});
});
