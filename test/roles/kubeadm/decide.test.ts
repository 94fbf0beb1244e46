import { describe, expect, test } from 'vitest';
import { decide, type Witnesses } from '../../../roles/kubeadm/decide.ts';
import type { EtcdMember } from '../../../roles/kubeadm/etcd-members.ts';
import type { NodeView } from '../../../roles/kubeadm/node-view.ts';

const node = (more: Partial<NodeView> = {}): NodeView => ({
  name: 'mn02',
  ready: true,
  internalIP: '10.0.0.22',
  version: '1.29.6',
  controlPlane: true,
  networkUnavailable: false,
  ...more,
});
const member = (more: Partial<EtcdMember> = {}): EtcdMember => ({
  id: 'a2',
  name: 'mn02',
  peerUrls: ['https://10.0.0.22:2380'],
  clientUrls: ['https://10.0.0.22:2379'],
  learner: false,
  healthy: true,
  ...more,
});
const dead = member({ healthy: false });
const unstarted = member({ name: '', clientUrls: [], healthy: false });
const other = member({ id: 'a1', name: 'mn01', peerUrls: ['https://10.0.0.11:2380'] });

const bare: Witnesses = {
  role: 'control-plane',
  name: 'mn02',
  address: '10.0.0.22',
  files: 'none',
  etcdData: false,
  abandoned: false,
  sameCluster: undefined,
  kubelet: 'stopped',
  node: undefined,
  members: [other],
};
const joined: Witnesses = {
  ...bare,
  files: 'all',
  etcdData: true,
  sameCluster: true,
  kubelet: 'healthy',
  node: node(),
  members: [other, member()],
};
const steps = (witnesses: Witnesses): readonly string[] | string => {
  const decision = decide(witnesses);
  return decision.refuse ?? decision.steps;
};

describe('a control plane', () => {
  test.each<[string, Witnesses, readonly string[]]>([
    ['no files, no Node, no member: clean', bare, ['join']],
    ['ghost member that never started', { ...bare, members: [other, unstarted] }, ['remove-member', 'join']],
    ['ghost member that once ran', { ...bare, members: [other, dead] }, ['remove-member', 'join']],
    [
      'built anew, old Node NotReady, old member',
      { ...bare, node: node({ ready: false }), members: [other, dead] },
      ['remove-member', 'delete-node', 'join'],
    ],
    ['built anew, no member', { ...bare, node: node({ ready: false }) }, ['delete-node', 'join']],
    [
      'built anew, the API has not noticed yet',
      { ...bare, node: node(), members: [other, dead] },
      ['wait-not-ready', 'remove-member', 'delete-node', 'join'],
    ],
    [
      'system disk built anew, etcd’s disk kept',
      { ...bare, etcdData: true, members: [other, dead] },
      ['remove-member', 'reset-host', 'join'],
    ],
    ['died in preflight or certs', { ...bare, files: 'some', sameCluster: true }, ['reset-host', 'join']],
    ['died before etcd', { ...joined, files: 'kubelet', members: [other] }, ['reset-host', 'delete-node', 'join']],
    [
      'died while etcd was announced',
      { ...joined, files: 'kubelet', members: [other, unstarted] },
      ['remove-member', 'reset-host', 'delete-node', 'join'],
    ],
    [
      'died while a learner was announced',
      { ...joined, files: 'kubelet', members: [other, member({ name: '', learner: true, healthy: false })] },
      ['remove-member', 'reset-host', 'delete-node', 'join'],
    ],
    ['joined', joined, []],
    ['joined, no network yet', { ...joined, node: node({ ready: false }) }, []],
    ['died before it was marked', { ...joined, node: node({ controlPlane: false }) }, ['mark']],
    [
      'died before its member was promoted',
      { ...joined, members: [other, member({ learner: true })] },
      ['promote-member'],
    ],
    ['its member starts only now', { ...joined, members: [other, unstarted] }, ['await-member']],
    ['Node deleted while the host ran', { ...joined, node: undefined }, ['restart-kubelet', 'mark']],
    ['kubelet stopped', { ...joined, kubelet: 'stopped' }, ['restart-kubelet']],
    ['member removed while the host ran', { ...joined, members: [other] }, ['reset-host', 'delete-node', 'join']],
    [
      'a reset of ours died after the member was removed',
      { ...bare, etcdData: true, abandoned: true },
      ['reset-host', 'join'],
    ],
    [
      'a reset of ours died at its start',
      { ...joined, abandoned: true },
      ['remove-member', 'reset-host', 'delete-node', 'join'],
    ],
    [
      'an init of ours died here, the cluster is elsewhere',
      { ...joined, abandoned: true, sameCluster: false, members: [other], node: undefined },
      ['reset-host', 'join'],
    ],
  ])('%s', (_, witnesses, wished) => {
    expect(steps(witnesses)).toEqual(wished);
  });

  test.each<[string, Witnesses, RegExp]>([
    ['another cluster’s CA', { ...joined, sameCluster: false }, /another cluster/],
    ['healthy etcd, files missing', { ...joined, files: 'kubelet' }, /healthy member.*not complete/],
    ['healthy etcd on a host without files', { ...bare, members: [other, member()] }, /healthy member/],
    ['etcd data of nobody we know', { ...bare, etcdData: true }, /no member of this cluster/],
    ['known to etcd under another address', { ...joined, address: '10.9.9.9' }, /10\.0\.0\.22.*10\.9\.9\.9/],
  ])('refuses: %s', (_, witnesses, why) => {
    expect(steps(witnesses)).toMatch(why);
    expect(decide(witnesses)).toHaveProperty('mend');
  });
});

describe('a control plane over an external etcd', () => {
  const outside: Witnesses = { ...joined, etcdData: false, members: undefined };
  test.each<[string, Witnesses, readonly string[]]>([
    ['clean', { ...bare, members: undefined }, ['join']],
    ['joined: no member is missed', outside, []],
    ['built anew', { ...bare, members: undefined, node: node({ ready: false }) }, ['delete-node', 'join']],
    [
      'died in preflight or certs',
      { ...bare, members: undefined, files: 'some', sameCluster: true },
      ['reset-host', 'join'],
    ],
    ['died before it was marked', { ...outside, node: node({ controlPlane: false }) }, ['mark']],
    ['a reset of ours died', { ...outside, abandoned: true }, ['reset-host', 'delete-node', 'join']],
  ])('%s', (_, witnesses, wished) => {
    expect(steps(witnesses)).toEqual(wished);
  });
});

describe('a worker', () => {
  const worker: Witnesses = { ...bare, role: 'worker', name: 'wn01', address: '10.0.0.100', members: [] };
  const asNode = node({ name: 'wn01', internalIP: '10.0.0.100', controlPlane: false });
  const inside: Witnesses = { ...worker, files: 'all', sameCluster: true, kubelet: 'healthy', node: asNode };
  test.each<[string, Witnesses, readonly string[]]>([
    ['clean', worker, ['join']],
    ['built anew', { ...worker, node: { ...asNode, ready: false } }, ['delete-node', 'join']],
    ['built anew just now', { ...worker, node: asNode }, ['wait-not-ready', 'delete-node', 'join']],
    ['died in preflight', { ...worker, files: 'some' }, ['reset-host', 'join']],
    ['joined', inside, []],
    ['Node deleted while it ran', { ...inside, node: undefined }, ['restart-kubelet']],
    ['kubelet stopped', { ...inside, kubelet: 'stopped' }, ['restart-kubelet']],
  ])('%s', (_, witnesses, wished) => {
    expect(steps(witnesses)).toEqual(wished);
  });

  test('of another cluster', () => {
    expect(steps({ ...inside, node: undefined, sameCluster: false })).toMatch(/another cluster/);
  });
});
