import { expect, test } from 'vitest';
import { type EtcdMember, parseMembers, quorumOf, removal } from '../../../roles/kubeadm/etcd-members.ts';
import { withoutEndpoint } from '../../../roles/kubeadm/forget.ts';

// As etcdctl 3.4 prints it: ids are numbers beyond 2^53, what is empty or false is left out.
const list = `{"header":{"cluster_id":10316109323310759371,"member_id":17237436991929493444,"raft_term":2},
"members":[{"ID":17237436991929493444,"name":"mn01","peerURLs":["https://10.0.0.11:2380"],"clientURLs":["https://10.0.0.11:2379"]},
{"ID":9372538179322589801,"peerURLs":["https://10.0.0.22:2380"]},
{"ID":10501334649042878790,"name":"mn03","peerURLs":["https://10.0.0.33:2380"],"clientURLs":["https://10.0.0.33:2379"],"isLearner":true}]}`;
const health = `[{"endpoint":"https://10.0.0.11:2379","health":true,"took":"9ms"},
{"endpoint":"https://10.0.0.33:2379","health":false,"took":"5s","error":"context deadline exceeded"}]`;

test('what etcdctl says', () => {
  const members = parseMembers(list, health);
  expect(members.map(({ id, name, learner, healthy }) => [id, name, learner, healthy])).toEqual([
    ['ef37ad9dc622a7c4', 'mn01', false, true],
    ['8211f1d0f64f3269', '', false, false],
    ['91bc3c398fb3c146', 'mn03', true, false],
  ]);
  expect(parseMembers(list, '').every((each) => !each.healthy)).toBe(true);
  expect(() => parseMembers('{}', '')).toThrow(/members/);
});

test.each([
  [1, 1],
  [2, 2],
  [3, 2],
  [4, 3],
  [5, 3],
])('of %i voters, %i must agree', (voters, quorum) => {
  expect(quorumOf(voters)).toBe(quorum);
});

const of = (letter: string, healthy: boolean, learner = false): EtcdMember => ({
  id: letter,
  name: letter,
  peerUrls: [],
  clientUrls: [],
  learner,
  healthy,
});

test.each<[string, readonly EtcdMember[], boolean]>([
  ['3, one dead', [of('a', false), of('b', true), of('c', true)], true],
  ['3, two dead', [of('a', false), of('b', true), of('c', false)], false],
  ['2, one dead: it could not even be agreed on', [of('a', false), of('b', true)], false],
  ['5, two dead', [of('a', false), of('b', true), of('c', true), of('d', true), of('e', false)], true],
  ['5, three dead', [of('a', false), of('b', true), of('c', true), of('d', false), of('e', false)], false],
  ['the last one', [of('a', true)], false],
  ['a dead learner beside one voter', [of('a', false, true), of('b', true)], true],
  ['a learner does not count as a voter', [of('a', false), of('b', true), of('c', true, true)], false],
])('may a go? %s', (_, members, allowed) => {
  const [first] = members;
  if (first === undefined) throw new Error('no member');
  expect(removal(members, first)).toMatchObject({ allowed });
});

test('the sum is said in words', () => {
  const members = [of('a', false), of('b', true), of('c', true)];
  expect(removal(members, of('a', false)).sum).toBe(
    '3 voting members, 2 healthy without a; quorum is 2 now and 2 of 2 afterwards',
  );
});

const status = `apiEndpoints:
  mn01:
    advertiseAddress: 10.0.0.11
    bindPort: 6443
  mn02:
    advertiseAddress: 10.0.0.22
    bindPort: 6443
apiVersion: kubeadm.k8s.io/v1beta2
kind: ClusterStatus
`;

test('ClusterStatus forgets one host', () => {
  expect(withoutEndpoint(status, 'mn02')).toBe(status.replace(/ {2}mn02:\n.*\n.*\n/, ''));
  expect(withoutEndpoint(status, 'mn03')).toBeUndefined();
  expect(withoutEndpoint('', 'mn02')).toBeUndefined();
});
