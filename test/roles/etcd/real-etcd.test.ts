import { expect, test } from 'vitest';
import { etcd } from '../../../roles/etcd/index.ts';
import { etcdClient } from '../../../roles/etcd-client/index.ts';
import { clientEtcdctl } from '../../../roles/kubeadm/index.ts';
import { registryKeys } from '../../../roles/kubeadm-init/registry.ts';
import { etcdFindings, etcdView } from '../../../roles/verify/etcd-view.ts';
import { etcdRelease, type World, world } from './etcd-hosts.ts';

const minutes = 60_000;
const names = ['mn01', 'mn02', 'mn03'];

// An election may be going on, and the machine be busy.
const etcdctl = `etcdctl --command-timeout=30s --cacert=/etc/etcd/pki/ca.crt --cert=/etc/etcd/pki/member.crt --key=/etc/etcd/pki/member.key`;
const on = ({ inventory }: World, name: string): string =>
  `${etcdctl} --endpoints=https://${inventory.find((host) => host.name === name)?.address}:2379`;

/** `mn01 started false`, sorted: name, whether it has started, whether it only learns. */
async function members(all: World, via: string): Promise<readonly string[]> {
  const list = await all.host(via).sh(`${on(all, via)} member list`);
  return list
    .split('\n')
    .map((line) => line.split(', '))
    .map(([, status, name, , , learner]) => `${name} ${status} ${learner}`)
    .toSorted();
}

const whole = names.map((name) => `${name} started false`);

/** Runs the role on each host in turn, as `serial: 1` does; what was changed on all of them. */
async function inTurn(all: World, step: Parameters<World['run']>[0], check = false): Promise<readonly string[]> {
  const changed: string[] = [];
  for (const name of names) changed.push(...(await all.run(step, name, { check })).changed);
  return changed;
}

test('the life of an etcd: begun, grown, left alone, replaced, broken off, powered down', {
  timeout: 8 * minutes,
}, async () => {
  const source = await etcdRelease();
  const all = await world([...names, 'mn04'], ['mn04']);
  const step = etcd({ version: '3.4.23', source, token: 'lab' });
  const settled = async (): Promise<void> => {
    expect(await inTurn(all, step)).toEqual([]);
    expect(await members(all, 'mn02')).toEqual(whole);
  };

  // Begun and grown, and what --check has said before is what is done.
  const foreseen = await inTurn(all, step, true);
  expect(await all.host('mn01').sh('ls -d /etc/etcd 2>/dev/null || :')).toBe('');
  expect(await inTurn(all, step)).toEqual(foreseen);
  expect(foreseen).toContain('mn01: etcd-ca /etc/etcd/pki/ca.crt');
  expect(foreseen).toContain('mn03 on mn01: command etcd member mn03 votes');
  await settled();
  await all.host('mn01').sh(`${on(all, 'mn01')} put /registry/x y`);

  // Each host has all of the CA, and its own key for nobody else; without a certificate nobody is heard.
  for (const name of names) {
    const { sh } = all.host(name);
    expect(await sh('cd /etc/etcd/pki && stat -c "%n %a %U" ca.key member.key; stat -c "%a %U" /var/lib/etcd')).toBe(
      'ca.key 600 root\nmember.key 600 etcd\n700 etcd',
    );
    expect(await sh('cat /etc/etcd/pki/ca.key')).toBe(await all.host('mn01').sh('cat /etc/etcd/pki/ca.key'));
  }
  await expect(
    all.host('mn01').sh(`${on(all, 'mn01').replace(/--cert=\S+ --key=\S+/, '')} get x --command-timeout=3s`),
  ).rejects.toThrow(/exit 1/);

  // The host that made the CA and began the cluster is built anew.
  await all.wipe('mn01');
  const anew = await all.run(step, 'mn01');
  expect(anew.notes[0]).toBe('the machine was built anew under its old name');
  expect(anew.notes[1]).toMatch(
    /^etcd: 3 voting members, 2 healthy without mn01; quorum is 2 now and 2 of 2 afterwards$/,
  );
  expect(anew.changed).toContainEqual(
    expect.stringMatching(/^mn01 on mn02: command etcd member mn01 \(\w+\) removed$/),
  );
  await settled();
  expect(await all.host('mn01').sh(`${on(all, 'mn01')} get /registry/x --print-value-only`)).toBe('y');

  // A run was killed after it had announced the member, and before that was started.
  await all.wipe('mn03');
  // What went to a leader that has just vanished gets no answer, and is asked again.
  const via = on(all, 'mn02').replace('=30s', '=3s');
  const peer = all.inventory[2]?.address;
  await all.host('mn02').sh(`for i in 1 2 3 4 5 6 7 8; do
  id=$(${via} member list | grep ', mn03, ' | cut -d, -f1); [ -n "$id" ] || break
  ${via} member remove "$id" || sleep 2
done
for i in 1 2 3 4 5 6 7 8; do ${via} member add mn03 --learner --peer-urls=https://${peer}:2380 && exit; sleep 2; done; exit 1`);
  const goneOn = await all.run(step, 'mn03');
  expect(goneOn.notes).toEqual(['it was announced and has never started']);
  await settled();

  // An API server of a host beside them.
  const folder = '/etc/kubernetes/etcd-client';
  const files = { caFile: `${folder}/ca.crt`, certFile: `${folder}/client.crt`, keyFile: `${folder}/client.key` };
  const client = etcdClient({ source, ...files });
  all.cut('mn01');
  const promised = (await all.run(client, 'mn04', { check: true })).changed;
  expect((await all.run(client, 'mn04')).changed).toEqual(promised);
  expect((await all.run(client, 'mn04')).changed).toEqual([]);
  all.cut('mn01', false);
  const asClient = `etcdctl --command-timeout=30s --endpoints=https://${all.inventory[1]?.address}:2379 --cacert=${files.caFile} --cert=${files.certFile} --key=${files.keyFile}`;
  const { sh } = all.host('mn04');
  expect(await sh(`${asClient} get /registry/x --print-value-only`)).toBe('y');
  expect(await sh(`stat -c '%a %U' ${folder} ${files.keyFile}`)).toBe('700 root\n600 root');
  expect(await sh('command -v etcdctl')).toBe('/usr/local/bin/etcdctl');

  // What init and verify ask through it.
  const external = { endpoints: all.inventory.slice(0, 3).map(({ address }) => `https://${address}:2379`), ...files };
  expect(await sh(registryKeys(external, '/registry').script.text)).toBe('held');
  expect(await sh(registryKeys(external, '/other').script.text)).toBe('empty');
  const view = etcdView(clientEtcdctl(external));
  const seen = view.parse(Buffer.from(await sh(view.script.text)));
  expect(etcdFindings(seen, all.inventory.slice(0, 3))).toEqual([]);
  expect(etcdFindings(seen, all.inventory)).toEqual([expect.stringMatching(/^etcd: mn04 .* is not a member$/)]);

  // The power goes everywhere: the first has nobody to vote with, and does not wait for it.
  for (const name of names) await all.host(name).kill();
  expect((await all.run(step, 'mn01')).notes).toContain('it runs; there is no quorum until other members do as well');
  expect((await all.run(step, 'mn02')).notes).toEqual(['it goes on with its data']);
  expect((await all.run(step, 'mn03')).notes).toEqual(['it is a member and does not answer']);
  await settled();
});

test('what is not touched', { timeout: 2 * minutes }, async () => {
  const source = { amd64: { urls: ['http://127.0.0.1:9/none'], sha256: 'a'.repeat(64) } };
  const all = await world(['mn01', 'mn02']);
  const step = etcd({ version: '3.4.23', source });
  const { sh } = all.host('mn01');
  await sh('mkdir -p /var/lib/etcd/member/wal && touch /var/lib/etcd/member/wal/0.wal');
  await expect(all.run(step, 'mn01')).rejects.toThrow('holds etcd data that is not of this role’s making');
  await sh('rm -r /var/lib/etcd && mkdir -p /etc/kubernetes/manifests && touch /etc/kubernetes/manifests/etcd.yaml');
  await expect(all.run(step, 'mn01')).rejects.toThrow('kubeadm runs a member of etcd here');
  expect(await sh('ls -d /etc/etcd /var/lib/etcd 2>/dev/null || :')).toBe('');
});
