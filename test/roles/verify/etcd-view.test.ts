import { describe, expect, test } from 'vitest';
import { podEtcdctl } from '../../../roles/kubeadm/index.ts';
import { type EtcdView, etcdFindings, etcdView, leaderOf } from '../../../roles/verify/etcd-view.ts';
import { runOn, shells } from '../../resources/harness.ts';
import { controlPlanes } from '../kubeadm/settings.ts';
import { standIns } from '../kubeadm/stand-ins.ts';

// Ids beyond 2^53, as etcd has them.
const ids = ['17237436991929493444', '9372538179322589801', '10501334649042878790'];
const members = controlPlanes.map(({ name, address }, i) => ({
  name,
  address,
  json: `{"ID":${ids[i]},"name":"${name}","peerURLs":["https://${address}:2380"],"clientURLs":["https://${address}:2379"]}`,
}));
const list = (rows: readonly string[]): string => `{"header":{"cluster_id":1},"members":[${rows.join(',')}]}`;
const healthOf = (down: readonly string[] = []): string =>
  JSON.stringify(
    members.map(({ name, address }) => ({ endpoint: `https://${address}:2379`, health: !down.includes(name) })),
  );
const statusOf = (leaders: readonly string[]): string =>
  `[${leaders.map((leader) => `{"Endpoint":"x","Status":{"header":{"member_id":2},"leader":${leader}}}`).join(',')}]`;

interface Said {
  readonly rows?: readonly string[];
  readonly alarms?: string;
  readonly health?: string;
  readonly status?: string;
}
const wholeStatus = statusOf([ids[1] ?? '', ids[1] ?? '', ids[1] ?? '']);
const text = ({
  rows = members.map((each) => each.json),
  alarms = '{"header":{}}',
  health = healthOf(),
  status = wholeStatus,
}: Said = {}): string => [list(rows), alarms, health, status].join('\n@@\n');
const probe = etcdView(podEtcdctl({ name: 'mn01', address: '10.0.0.11', port: 6443 }));
const view = (said?: Said): EtcdView => probe.parse(Buffer.from(text(said)));

test('a whole etcd', () => {
  expect(etcdFindings(view(), controlPlanes)).toEqual([]);
  expect(leaderOf(view())).toBe('mn02');
});

const rows = members.map((each) => each.json);
test.each<[string, Said, readonly RegExp[]]>([
  ['a control plane is no member', { rows: rows.slice(0, 2) }, [/mn03 .* is not a member/]],
  [
    'a stranger',
    { rows: [...rows, '{"ID":5,"name":"old","peerURLs":["https://10.0.0.99:2380"]}'] },
    [/old is a member, but/, /old is not healthy/],
  ],
  [
    'announced, never started',
    { rows: [...rows.slice(0, 2), '{"ID":5,"peerURLs":["https://10.0.0.33:2380"]}'] },
    [/at https:\/\/10\.0\.0\.33:2380 has never started/],
  ],
  [
    'a learner',
    { rows: [...rows.slice(0, 2), rows[2]?.replace('}', ',"isLearner":true}') ?? ''] },
    [/mn03 does not vote/],
  ],
  [
    'one is down',
    { health: healthOf(['mn02']), status: statusOf([ids[0] ?? '', ids[0] ?? '']) },
    [/mn02 is not healthy/],
  ],
  ['no agreement', { status: statusOf([ids[0] ?? '', ids[1] ?? '']) }, [/do not agree on a leader/]],
  ['no leader', { status: statusOf(['0', '0']) }, [/do not agree on a leader/]],
  ['nobody answers', { status: '' }, [/do not agree on a leader/]],
  ['an alarm', { alarms: `{"alarms":[{"memberID":${ids[1]},"alarm":1}]}` }, [/alarm NOSPACE on 8211f1d0f64f3269/]],
  ['an alarm without a name', { alarms: `{"alarms":[{"memberID":1,"alarm":9}]}` }, [/alarm 9 on 1/]],
])('%s', (_, said, wished) => {
  const findings = etcdFindings(view(said), controlPlanes);
  expect(findings).toHaveLength(wished.length);
  for (const [i, pattern] of wished.entries()) expect(findings[i]).toMatch(pattern);
});

describe.each(shells)('%s', (shell) => {
  test('the script', async () => {
    const kubectl = `case "$*" in
      *"member list"*) echo '${list(rows)}' ;; *"alarm list"*) echo '{}' ;;
      *"endpoint health"*) echo '${healthOf(['mn03'])}'; echo unhealthy >&2; exit 1 ;; *"endpoint status"*) echo '${wholeStatus}' ;; esac`;
    const { code, stdout } = await runOn(shell, probe.script, { path: [await standIns({ kubectl })] });
    expect(code).toBe(0);
    expect(etcdFindings(probe.parse(stdout), controlPlanes)).toEqual(['etcd: mn03 is not healthy']);
    expect((await runOn(shell, probe.script, { path: [await standIns({ kubectl: 'exit 1' })] })).code).toBe(1);
  });
});
