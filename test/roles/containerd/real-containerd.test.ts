import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { containerd } from '../../../roles/containerd/index.ts';
import { applied, machine } from '../applied.ts';
import { planOf, sources, textOf } from '../plan.ts';
import { release, shellProgram } from '../release.ts';
import { toml } from '../toml.ts';
import { daemon, effectiveConfig, realContainerd } from './real-containerd.ts';

// Each script mounts its machine anew: seconds, and more where others work on the same processors.
vi.setConfig({ testTimeout: 60_000 });

const vars = { version: '1.6.33', source: sources, sandboxImage: 'registry.example/k8s/pause:3.9' };
const configOf = async (more: object = {}): Promise<string> =>
  textOf(await planOf(containerd({ ...vars, ...more })), '/etc/containerd/config.toml');

// The first time it has to come from a package.
beforeAll(() => void realContainerd(), 120_000);

describe('config.toml as a real containerd 1.6 understands it', () => {
  it('has what the kubelet needs', async () => {
    const cri = expect.objectContaining({
      sandbox_image: 'registry.example/k8s/pause:3.9',
      restrict_oom_score_adj: false,
      registry: expect.objectContaining({ config_path: '/etc/containerd/certs.d' }),
      containerd: expect.objectContaining({
        default_runtime_name: 'runc',
        runtimes: {
          runc: expect.objectContaining({
            runtime_type: 'io.containerd.runc.v2',
            options: expect.objectContaining({ SystemdCgroup: true, BinaryName: '/usr/local/sbin/runc' }),
          }),
        },
      }),
    });
    expect(toml(await effectiveConfig(await configOf()))).toMatchObject({
      disabled_plugins: [],
      plugins: { 'io.containerd.grpc.v1.cri': cri },
    });
  });

  it('takes the rest from the vars', async () => {
    const extra = '[debug]\n  level = "debug"\n\n[plugins."io.containerd.grpc.v1.cri".cni]\n  max_conf_num = 7';
    const config = await effectiveConfig(await configOf({ restrictOomScoreAdj: true, extra }));
    expect(toml(config)).toMatchObject({
      debug: { level: 'debug' },
      plugins: { 'io.containerd.grpc.v1.cri': { restrict_oom_score_adj: true, cni: { max_conf_num: 7 } } },
    });
  });

  it('lets the CRI plugin start, so that the gate opens', async () => {
    const ctr = await daemon(await configOf());
    expect(await ctr('plugins', 'ls')).toMatch(/^io\.containerd\.grpc\.v1 +cri +.* ok *$/m);
  });
});

it('config.toml of containerd 2 is TOML', async () => {
  const runc = {
    runtime_type: 'io.containerd.runc.v2',
    options: { SystemdCgroup: true, BinaryName: '/usr/local/sbin/runc' },
  };
  expect(toml(await configOf({ version: '2.0.1' }))).toEqual({
    version: 3,
    plugins: {
      'io.containerd.cri.v1.images': {
        pinned_images: { sandbox: 'registry.example/k8s/pause:3.9' },
        registry: { config_path: '/etc/containerd/certs.d' },
      },
      'io.containerd.cri.v1.runtime': {
        restrict_oom_score_adj: false,
        containerd: { default_runtime_name: 'runc', runtimes: { runc } },
      },
    },
  });
});

describe('on a machine', () => {
  const source = () =>
    release({
      'bin/containerd': shellProgram(`exec ${join(realContainerd(), 'containerd')} "$@"`),
      'bin/containerd-shim-runc-v2': shellProgram(':'),
      'bin/ctr': shellProgram('echo "io.containerd.grpc.v1    cri    linux/amd64    ok    "'),
      'bin/containerd-stress': shellProgram(':'),
    });

  it('installs, then finds all as wished; a mirror needs no restart, a new setting does', async () => {
    const host = await machine();
    const given = { ...vars, source: await source() };
    const run = async (more: object = {}) => applied(host, await planOf(containerd({ ...given, ...more })));
    expect(await run()).toEqual([
      'archive containerd',
      'file /etc/containerd/config.toml',
      'unit containerd.service',
      'service containerd.service',
    ]);
    expect(await host.get('/usr/local/bin/ctr')).toContain('cri');
    expect(await host.get('/usr/local/bin/containerd-stress')).toBeUndefined();
    expect(await run()).toEqual([]);
    const registries = { 'quay.io': { mirrors: ['https://mirror.example'] } };
    expect(await run({ registries })).toEqual(['file /etc/containerd/certs.d/quay.io/hosts.toml']);
    expect(await run({ registries, restrictOomScoreAdj: true })).toEqual([
      'file /etc/containerd/config.toml',
      'service containerd.service',
    ]);
  });

  it('what containerd cannot read never takes the place of a good config.toml', async () => {
    const host = await machine();
    const given = { ...vars, source: await source() };
    await applied(host, await planOf(containerd(given)));
    const good = await host.get('/etc/containerd/config.toml');
    const broken = await planOf(containerd({ ...given, extra: '[debug]\n  level = "debug' }));
    await expect(applied(host, broken)).rejects.toMatchObject({ code: 'CommandFailed' });
    expect(await host.get('/etc/containerd/config.toml')).toBe(good);
  });

  it('what another file makes of the settings is seen by asking containerd', async () => {
    const host = await machine();
    const given = { ...vars, source: await source() };
    const cri = '[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]\n  SystemdCgroup = false\n';
    const plan = await planOf(containerd(given));
    await applied(host, plan);
    const config = await host.get('/etc/containerd/config.toml');
    await host.put('/etc/containerd/config.toml', `imports = ["/etc/containerd/more.toml"]\n${config}`);
    await host.put('/etc/containerd/more.toml', `version = 2\n${cri}`);
    const check = plan.filter(({ kind }) => kind === 'effective');
    expect(check).toHaveLength(1);
    await expect(applied(host, check)).rejects.toMatchObject({ code: 'Refused' });
  });
});

describe('extra is refused before anything is contacted', () => {
  it.each([
    ['plugins turned off', 'disabled_plugins = [\n  "io.containerd.grpc.v1.cri",\n]', 'turns plugins off'],
    ['a key without a table', '# mine\noom_score = -5', "begin with a [table]: 'oom_score = -5'"],
    [
      'a table that is there already',
      "[plugins . 'io.containerd.grpc.v1.cri']\n  max_container_log_line_size = 5",
      'holds [plugins."io.containerd.grpc.v1.cri"]',
    ],
    ['a table given twice', '[debug]\n[debug] # again', 'holds [debug]'],
  ])('%s', async (_, extra, message) => {
    await expect(planOf(containerd({ ...vars, extra }))).rejects.toMatchObject({
      code: 'BadInput',
      message: expect.stringContaining(message),
    });
  });

  it.each([2, 3])('every table of the layout %i that is there already', async (layout) => {
    const version = layout === 2 ? '1.7.20' : '2.0.1';
    const text = await configOf({ version });
    const tables = text.split('\n').filter((line) => line.startsWith('['));
    expect(tables.length).toBeGreaterThan(4);
    for (const table of tables) {
      await expect(planOf(containerd({ ...vars, version, extra: table }))).rejects.toThrow('extra holds');
    }
  });
});
