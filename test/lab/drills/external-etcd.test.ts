import { describe, expect, it } from 'vitest';
import { groups, type HostName, hostNames, hosts } from '../layout.ts';
import { changed, lab, labInventory, on, site } from '../ring/site.ts';

/** The external topology, from bare hosts; afterwards the lab has its ordinary cluster again. */

const outside = (): ReturnType<typeof site> => site(...labInventory('external-etcd'));

/** `mn01 started false`: name, status, whether it only learns; sorted. */
function members(via: HostName): readonly string[] {
  const pki = '/etc/etcd/pki';
  const files = `--cacert=${pki}/ca.crt --cert=${pki}/member.crt --key=${pki}/member.key`;
  return on(via, `etcdctl --endpoints=https://${hosts[via].address}:2379 ${files} member list`)
    .split('\n')
    .map((line) => line.split(', '))
    .map(([, status, name, , , learner]) => `${name} ${status} ${learner}`)
    .toSorted();
}

const whole = groups.controlPlane.map((name) => `${name} started false`);
const kubectl = (via: HostName, words: string): string =>
  on(via, `kubectl --kubeconfig /etc/kubernetes/admin.conf ${words}`);

/** Every host is a Node and Ready, etcd is a service and no pod, and there is nothing left to do. */
function isWhole(via: HostName): void {
  expect(
    kubectl(via, 'get nodes --no-headers')
      .split('\n')
      .filter((node) => / Ready /.test(node)),
  ).toHaveLength(5);
  expect(kubectl(via, '-n kube-system get pods -o name')).not.toMatch(/^pod\/etcd-/m);
  for (const name of groups.controlPlane) {
    expect(on(name, 'ls /etc/kubernetes/manifests')).not.toContain('etcd.yaml');
    expect(on(name, 'systemctl is-active etcd')).toBe('active');
    expect(on(name, 'systemctl show -p User --value etcd')).toBe('etcd');
  }
  expect(members(via)).toEqual(whole);
  const again = outside();
  expect(again.failures).toEqual([]);
  expect(changed(again)).toEqual([]);
}

describe('etcd by itself on the control planes', () => {
  it('bare hosts become a cluster over it', () => {
    lab('reset', ...hostNames);
    const run = outside();
    expect(run.failures).toEqual([]);
    expect(run.code).toBe(0);
    isWhole('mn01');
  });

  it('a host with a member and a control plane is wiped: site.ts makes it both again', () => {
    lab('reset', 'mn02');
    const run = outside();
    expect(run.failures).toEqual([]);
    expect(run.code).toBe(0);
    const begun = run.resources.filter(({ kind, status }) => kind === 'etcd-ca' && status === 'changed');
    expect(begun).toEqual([]);
    isWhole('mn02');
  });

  it('so is the one that made the CA, began etcd and started the cluster', () => {
    lab('reset', 'mn01');
    const run = outside();
    expect(run.failures).toEqual([]);
    expect(run.code).toBe(0);
    isWhole('mn01');
  });

  it('the ordinary cluster takes its place: the lab is as before', () => {
    lab('reset', ...hostNames);
    const run = site();
    expect(run.failures).toEqual([]);
    expect(run.code).toBe(0);
    expect(changed(site())).toEqual([]);
  });
});
