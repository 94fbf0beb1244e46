import { describe, expect, it } from 'vitest';
import { hostNames, network } from '../layout.ts';
import { compareSnapshots, type Snapshot, takeSnapshot } from '../snapshot.ts';
import { changed, lab, on, playbook, type SiteRun, site } from './site.ts';

/** From five bare hosts to a cluster, and then nothing more: in this order, each test where the one before ended. */

const snapshots = async (): Promise<readonly Snapshot[]> => Promise.all(hostNames.map((name) => takeSnapshot(name)));

/** What moved between two looks at all hosts, by host. */
const moved = (before: readonly Snapshot[], after: readonly Snapshot[]): readonly string[] =>
  hostNames.flatMap((name, i) => compareSnapshots(before[i] ?? {}, after[i] ?? {}).map((line) => `${name} ${line}`));

const kubectl = (words: string): string => on('mn02', `kubectl --kubeconfig /etc/kubernetes/admin.conf ${words}`);

let predicted: SiteRun;
let installed: SiteRun;

describe('on bare hosts', () => {
  it('the lab comes up', () => {
    lab('up');
    lab('reset', ...hostNames);
    expect(lab('status').match(/running/g)).toHaveLength(5);
  });

  it('--check changes nothing and exits 0', async () => {
    const before = await snapshots();
    predicted = site('--check');
    expect(predicted.stderr).not.toContain('✖');
    expect(predicted.code).toBe(0);
    expect(moved(before, await snapshots())).toEqual([]);
  });

  it('the run makes a cluster', () => {
    installed = site();
    expect(installed.failures).toEqual([]);
    expect(installed.code).toBe(0);
  });

  it('the run made exactly the changes that --check had listed', () => {
    const listed = changed(predicted).filter((line) => !bornLater(line));
    expect(changed(installed).filter((line) => !bornLater(line))).toEqual(listed);
  });

  it('five nodes are Ready, three of them control planes', () => {
    const nodes = kubectl('get nodes --no-headers').split('\n');
    expect(nodes).toHaveLength(5);
    for (const node of nodes) expect(node).toMatch(/^\S+ +Ready +\S+ +\S+ +v1\.20\.2$/);
    expect(nodes.filter((node) => /control-plane/.test(node))).toHaveLength(3);
  });

  it('etcd has three voting members', () => {
    const etcdctl =
      'etcdctl --cacert /etc/kubernetes/pki/etcd/ca.crt --cert /etc/kubernetes/pki/etcd/peer.crt --key /etc/kubernetes/pki/etcd/peer.key';
    const members = kubectl(`-n kube-system exec etcd-mn02 -- ${etcdctl} member list`).split('\n');
    expect(members).toHaveLength(3);
    for (const member of members) expect(member).toMatch(/, started, .*, false$/);
  });

  it('the VIP is on one host and the API answers there from every host', () => {
    const holders = hostNames.filter((name) => on(name, 'ip -o addr').includes(` ${network.vip}/`));
    expect(holders).toHaveLength(1);
    for (const name of hostNames) {
      expect(on(name, `curl -sk --max-time 5 https://${network.vip}:8443/readyz`)).toBe('ok');
    }
  });

  it('verify.ts agrees', () => {
    expect(playbook('playbooks/verify.ts')).toMatchObject({ code: 0, failures: [] });
  });
});

describe('a second run', () => {
  it('reports 0 changed on every host, and nothing moved', async () => {
    const before = await snapshots();
    const second = site();
    expect(changed(second)).toEqual([]);
    expect(second).toMatchObject({ code: 0, failures: [] });
    expect(second.recap.map(({ changed: count }) => count)).toEqual([0, 0, 0, 0, 0]);
    expect(moved(before, await snapshots())).toEqual([]);
  });

  it('--check finds nothing either', () => {
    expect(site('--check', '--exit-code')).toMatchObject({ code: 0 });
  });
});

describe('drift', () => {
  it('of a file, a unit, a sysctl and a package is mended, and nothing else', () => {
    on('wn01', 'echo "# by hand" >> /etc/crictl.yaml');
    on('wn01', 'systemctl disable --now chrony');
    on('wn01', 'sysctl -w net.ipv4.tcp_fin_timeout=77');
    on('wn01', 'dpkg --purge --force-depends socat');
    expect(changed(site('--check', '--exit-code'))).toHaveLength(4);
    const mended = site();
    expect(mended.code).toBe(0);
    expect(changed(mended)).toEqual([
      expect.stringMatching(/^wn01 chrony service chrony/),
      expect.stringMatching(/^wn01 crictl file \/etc\/crictl\.yaml$/),
      expect.stringMatching(/^wn01 package-repos pkg .*socat/),
      expect.stringMatching(/^wn01 sysctl sysctls /),
    ]);
    expect(on('wn01', 'cat /proc/sys/net/ipv4/tcp_fin_timeout')).toBe('30');
    expect(changed(site())).toEqual([]);
  });
});

/** What only exists once a cluster does: `--check` on bare hosts names it in a note instead. */
function bornLater(line: string): boolean {
  return / (output|join data) /.test(line);
}
