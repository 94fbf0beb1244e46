import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { secret, type Writer } from '../../../lib/index.ts';
import type { HostWitness } from '../../../roles/kubeadm/index.ts';
import { decideInit, type Scene } from '../../../roles/kubeadm-init/decide-init.ts';
import { kubeadmInit } from '../../../roles/kubeadm-init/index.ts';
import { kubeadmInit as initResource } from '../../../roles/kubeadm-init/init-resource.ts';
import { runOn, shells } from '../../resources/harness.ts';
import { hostSays, inventory } from '../kubeadm/hosts.ts';
import { given, settings } from '../kubeadm/settings.ts';
import { type Play, type Stage, stage } from '../kubeadm/stage.ts';
import { below, standIns, tree } from '../kubeadm/stand-ins.ts';

const bare: HostWitness = {
  files: new Set(),
  etcdData: undefined,
  ca: undefined,
  server: undefined,
  kubelet: 'stopped',
  api: undefined,
  configured: false,
  node: undefined,
  initUnfinished: false,
  resetUnfinished: false,
};
const running: HostWitness = { ...bare, files: new Set(['x']), etcdData: 9, api: 'ready', configured: true };
const complete = new Set(
  hostSays.controlPlane.split('\n').flatMap((line) => (line.startsWith('file ') ? [line.slice('file '.length)] : [])),
);
const certs = new Set(['/etc/kubernetes/pki/apiserver.crt', '/etc/kubernetes/pki/ca.crt']);

const scene: Scene = {
  name: 'mn01',
  own: bare,
  others: [
    { name: 'mn02', witness: bare },
    { name: 'mn03', witness: bare },
  ],
  assumeNoCluster: [],
  endpoint: 'k8s-api.example:8443',
  endpointState: 'open',
  registry: undefined,
};
const mn02 = (witness: HostWitness | undefined): Pick<Scene, 'others'> => ({ others: [{ name: 'mn02', witness }] });

test.each<[string, Partial<Scene>, string]>([
  ['all bare', {}, 'init'],
  ['a CA of the operator’s own', { own: { ...bare, files: new Set(['/etc/kubernetes/pki/ca.crt']) } }, 'init'],
  ['it has the cluster', { own: running }, 'nothing'],
  ['wiped, the others have the cluster', mn02(running), 'nothing'],
  [
    'wiped, and one of the others is away',
    {
      others: [
        { name: 'mn02', witness: undefined },
        { name: 'mn03', witness: running },
      ],
    },
    'nothing',
  ],
  ['another one is away', mn02(undefined), 'refuse'],
  ['another one is away, known to be empty', { ...mn02(undefined), assumeNoCluster: ['mn02'] }, 'init'],
  ['another one holds a cluster that is down', mn02({ ...running, api: 'failing' }), 'refuse'],
  ['an init died on another one', mn02({ ...running, api: 'failing', initUnfinished: true }), 'nothing'],
  ['another one holds half a join', mn02({ ...bare, files: certs }), 'init'],
  ['another cluster answers at the endpoint', { endpointState: 'api' }, 'refuse'],
  ['died in certs', { own: { ...bare, files: certs, initUnfinished: true } }, 'reset-and-init'],
  ['died in certs, by hand', { own: { ...bare, files: certs } }, 'reset-and-init'],
  ['died before anything', { own: { ...bare, initUnfinished: true } }, 'init'],
  [
    'died while etcd came up',
    { own: { ...bare, files: complete, etcdData: 9, api: 'failing', initUnfinished: true } },
    'resume',
  ],
  ['died before upload-config', { own: { ...running, configured: false } }, 'resume'],
  ['died before the addons', { own: { ...running, initUnfinished: true } }, 'resume'],
  [
    'a finished cluster that is only booting',
    { own: { ...bare, files: complete, etcdData: 9, api: 'failing' } },
    'wait',
  ],
  ['etcd data without anything else', { own: { ...bare, etcdData: 9 } }, 'refuse'],
  ['a reset died here', { own: { ...bare, etcdData: 9, resetUnfinished: true } }, 'reset-and-init'],
  ['a reset died here, little was left', { own: { ...bare, files: certs, resetUnfinished: true } }, 'reset-and-init'],
])('%s → %3$s', (_, more, act) => {
  expect(decideInit({ ...scene, ...more })).toMatchObject({ act });
});

const manifest = '/etc/kubernetes/manifests/etcd.yaml';
const withoutEtcd = new Set([...complete].filter((path) => path !== manifest));
const empty = { registry: false };
const held = { registry: true };

test.each<[string, Partial<Scene>, string]>([
  ['all bare, etcd empty', empty, 'init'],
  ['all bare, etcd holds a cluster', held, 'refuse'],
  ['it has the cluster', { ...held, own: running }, 'nothing'],
  ['wiped, the others have the cluster', { ...held, ...mn02(running) }, 'nothing'],
  ['another one is away', { ...empty, ...mn02(undefined) }, 'refuse'],
  [
    'another one is a control plane that is down',
    { ...held, ...mn02({ ...bare, files: withoutEtcd, api: 'failing' }) },
    'refuse',
  ],
  ['another one holds half a join', { ...empty, ...mn02({ ...bare, files: certs }) }, 'init'],
  ['etcd data of the host says nothing', { ...empty, own: { ...bare, etcdData: 9 } }, 'init'],
  ['died in certs', { ...empty, own: { ...bare, files: certs, initUnfinished: true } }, 'reset-and-init'],
  ['died before anything', { ...empty, own: { ...bare, initUnfinished: true } }, 'init'],
  [
    'died once etcd had keys',
    { ...held, own: { ...bare, files: withoutEtcd, api: 'failing', initUnfinished: true } },
    'resume',
  ],
  ['died before the addons', { ...held, own: { ...running, initUnfinished: true } }, 'resume'],
  ['only booting', { ...held, own: { ...bare, files: withoutEtcd, api: 'failing' } }, 'wait'],
  [
    'a control plane over an etcd that was emptied',
    { ...empty, own: { ...bare, files: withoutEtcd, api: 'failing' } },
    'refuse',
  ],
  ['a reset of ours died here', { ...empty, own: { ...bare, files: certs, resetUnfinished: true } }, 'reset-and-init'],
  [
    'a reset died here, and etcd holds a cluster',
    { ...held, own: { ...bare, files: withoutEtcd, resetUnfinished: true } },
    'refuse',
  ],
])('over an external etcd: %s → %3$s', (_, more, act) => {
  expect(decideInit({ ...scene, ...more })).toMatchObject({ act });
});

interface Given extends Partial<Play> {
  readonly hosts: Readonly<Record<string, string>>;
  readonly endpoint?: string;
}

async function run(on: string, { hosts, endpoint = 'open', ...play }: Given, vars = {}): Promise<Stage> {
  const made = stage(on, {
    inventory,
    answer: (name, script) => (script.includes('echo "$state"') ? endpoint : hosts[name]),
    ...play,
  });
  const entry = inventory.find((each) => each.name === on);
  if (entry === undefined) throw new Error(on);
  await kubeadmInit({ ...given(), ...vars })
    .prepare(entry, inventory)
    .run(made.context);
  return made;
}

const allBare = { mn01: '', mn02: '', mn03: '' };
const starts = [
  'mn01: gate k8s-api.example:8443 takes connections',
  'mn01: kubeadm-init mn01',
  'mn01: gate the API server of mn01 is ready',
  'mn01: gate the API is ready at k8s-api.example:8443',
];

describe('the role', () => {
  test('starts the cluster on the first control plane, and on no other', async () => {
    expect((await run('mn01', { hosts: allBare })).said()).toEqual(starts);
    expect((await run('mn02', { hosts: allBare })).said()).toEqual([]);
    expect((await run('mn02', { hosts: allBare, lost: ['mn01'] }, { assumeNoCluster: ['mn01'] })).said()[1]).toBe(
      'mn02: kubeadm-init mn02',
    );
  });

  test('the token of init is random, short-lived, on stdin alone', async () => {
    const token = async (): Promise<string> => {
      const { deeds, notes } = await run('mn01', { hosts: allBare });
      const [ran] = deeds[1]?.ran ?? [];
      const found = /token: ([0-9a-f]{6}\.[0-9a-f]{16})\n/.exec(ran?.stdin ?? '')?.[1] ?? '';
      expect(found).not.toBe('');
      expect(ran?.stdin).toContain('ttl: 15m0s');
      expect(
        JSON.stringify([deeds.map((deed) => [deed.name, deed.changes, deed.ran.map((each) => each.text)]), notes]),
      ).not.toContain(found);
      return found;
    };
    expect(await token()).not.toBe(await token());
  });

  test('leaves the others’ cluster alone when the first one was wiped', async () => {
    const hosts = { mn01: '', mn02: hostSays.controlPlane, mn03: hostSays.controlPlane };
    expect((await run('mn01', { hosts })).said()).toEqual([]);
  });

  test('refuses when a cluster may be where it cannot look', async () => {
    await expect(run('mn01', { hosts: { mn01: '', mn02: '' } })).rejects.toThrow(/mn03 cannot be reached/);
    const done = await run('mn01', { hosts: { mn01: '', mn02: '' } }, { assumeNoCluster: ['mn03'] });
    expect(done.said()).toEqual(starts);
  });

  test('takes up what died with etcd data, without a reset', async () => {
    const hosts = { ...allBare, mn01: `${hostSays.controlPlane}\nunfinished init` };
    const done = await run('mn01', { hosts });
    expect(done.said()).toEqual(starts);
    expect(done.deeds[1]?.ran[0]?.text).toContain('--skip-phases preflight');
    expect(done.notes).toEqual(['resume: an init broke off here']);
  });

  test('clears away what died before etcd', async () => {
    const done = await run('mn01', { hosts: { ...allBare, mn01: hostSays.some } });
    expect(done.said()).toEqual([starts[0], 'mn01: kubeadm-reset mn01', ...starts.slice(1)]);
    expect(done.deeds[2]?.ran[0]?.text).not.toContain('--skip-phases preflight');
  });

  test('an init that died elsewhere is taken up there, when the first one is not it', async () => {
    const hosts = { ...allBare, mn02: `${hostSays.controlPlane}\nunfinished init` };
    expect((await run('mn01', { hosts })).said()).toEqual([]);
    expect((await run('mn02', { hosts })).said()[1]).toBe('mn02: kubeadm-init mn02');
  });

  test('gives a cluster that boots its time, under --check too', async () => {
    const booting = hostSays.controlPlane.replace('api ready\nconfigured', 'api failing');
    let asked = 0;
    const answer = (): string => {
      asked += 1;
      return asked > 3 ? hostSays.controlPlane : booting;
    };
    const only = inventory.slice(0, 1);
    const waited = stage('mn01', {
      inventory: only,
      answer: (_, script) => (script.includes('echo "$state"') ? 'open' : answer()),
    });
    const [mn01] = only;
    if (mn01 === undefined) throw new Error('no mn01');
    await kubeadmInit(given()).prepare(mn01, only).run(waited.context);
    expect(waited.said()).toContain('mn01: gate the API server of mn01 is ready');
    const checked = await run('mn01', { hosts: { ...allBare, mn01: booting }, check: true });
    expect(checked.said()).toEqual([]);
  });

  test('--check says that it would start one', async () => {
    const done = await run('mn01', { hosts: allBare, check: true });
    expect(done.said()).toEqual(['mn01: kubeadm-init mn01']);
    expect(done.deeds[0]?.changes).toEqual([{ path: 'cluster', to: 'k8s-api.example:8443, started here' }]);
  });

  test('one control plane that is its own endpoint needs no load balancer', async () => {
    const done = await run('mn01', { hosts: allBare }, { endpoint: '10.0.0.11', endpointPort: 6443 });
    expect(done.said()[0]).toBe('mn01: kubeadm-init mn01');
  });

  describe('over an external etcd', () => {
    const external = {
      endpoints: ['https://10.0.0.51:2379'],
      caFile: '/etc/x/ca.crt',
      certFile: '/etc/x/client.crt',
      keyFile: '/etc/x/client.key',
    };
    const over = (registry: string, more: Partial<Play> = {}) => {
      const made = stage('mn01', {
        inventory,
        answer: (_, script) => (script.includes('echo "$state"') ? 'open' : script.includes('e get ') ? registry : ''),
        ...more,
      });
      const [mn01] = inventory;
      if (mn01 === undefined) throw new Error('no mn01');
      const step = kubeadmInit(given({ etcd: { external } }));
      return { made, done: step.prepare(mn01, inventory).run(made.context) };
    };

    test('starts where that is empty, and says where it is', async () => {
      const { made, done } = over('empty');
      await done;
      expect(made.said()).toEqual(starts);
      expect(made.deeds[1]?.ran[0]?.stdin).toContain('keyFile: /etc/x/client.key');
      expect(made.deeds[1]?.ran[0]?.stdin).not.toContain('local:');
    });

    test('refuses over the keys of a cluster that nobody has', async () => {
      await expect(over('held').done).rejects.toMatchObject({
        code: 'Refused',
        message: expect.stringContaining('etcd already holds a cluster'),
        details: { mend: expect.stringContaining('etcdctl del --prefix /registry') },
      });
    });

    test('has to have something to show, but under --check', async () => {
      await expect(over('unknown').done).rejects.toThrow('nothing to show to the external etcd');
      const { made, done } = over('unknown', { check: true });
      await done;
      expect(made.said()).toEqual(['mn01: kubeadm-init mn01']);
    });
  });

  test('vars that name no control plane', () => {
    const [mn01] = inventory;
    const worker = inventory[3];
    if (mn01 === undefined || worker === undefined) throw new Error('no host');
    expect(() => kubeadmInit({ ...given(), assumeNoCluster: ['mn09'] }).prepare(mn01, inventory)).toThrow(/mn09/);
    expect(() => kubeadmInit(given()).prepare(worker, inventory)).toThrow(/not in the group/);
  });
});

describe.each(shells)('the script of init under %s', (shell) => {
  const machine = { name: 'mn01', address: '10.0.0.11' };
  const apply = async (kubeadm: string) => {
    const root = await tree({ 'run/konverge-init.dead/config.yaml': 'what a run that was killed has left' });
    const path = [await standIns({ kubeadm, kubectl: 'exit 0' })];
    const resource = initResource(machine, settings(), secret({ text: 'the configuration\n' }), false);
    const results: Awaited<ReturnType<typeof runOn>>[] = [];
    const writer: Writer = {
      host: 'mn01',
      async run(script, { stdin = '' } = {}) {
        const result = await runOn(
          shell,
          below(root, script),
          { path, env: { ROOT: root } },
          Buffer.isBuffer(stdin) ? stdin : '',
        );
        results.push(result);
        return result;
      },
      upload: () => Promise.resolve(),
    };
    await resource.apply(writer, [], bare);
    return { root, result: results[0] };
  };

  test('kubeadm reads its configuration from a private file, which is gone afterwards', async () => {
    const { root, result } = await apply(
      `cp "$3" "$ROOT/seen"; stat -c %a "$(dirname "$3")" >"$ROOT/mode"; [ -e "$ROOT/etc/kubernetes/konverge/init.unfinished" ] || exit 9`,
    );
    expect(result?.code).toBe(0);
    const seen = await runOn(
      'dash',
      below(root, {
        ...initResource(machine, settings(), secret({ text: '' }), false).probe.script,
        text: `cat ${root}/seen ${root}/mode`,
      }),
    );
    expect(seen.stdout.toString()).toBe('the configuration\n700\n');
    expect(readdirSync(`${root}/run`)).toEqual([]);
    expect(existsSync(`${root}/etc/kubernetes/konverge/init.unfinished`)).toBe(false);
  });

  test('a failure tells what kubeadm said, with its exit code, and leaves the mark', async () => {
    const { root, result } = await apply('echo "[preflight] error: no"; exit 3');
    expect([result?.code, result?.stderr.toString()]).toEqual([3, '[preflight] error: no\n']);
    expect(readdirSync(`${root}/run`)).toEqual([]);
    expect(existsSync(`${root}/etc/kubernetes/konverge/init.unfinished`)).toBe(true);
  });
});
