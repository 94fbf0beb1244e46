import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configVersion, essentials, parseDump } from '../../roles/containerd/config.ts';
import { effectiveConfig } from '../../roles/containerd/effective-config.ts';
import { containerd } from '../../roles/containerd/index.ts';
import { localWriter, tempFolder } from '../resources/harness.ts';
import { namesOf, planOf, sources, textOf } from './plan.ts';

const vars = { version: '1.6.33', source: sources, sandboxImage: 'registry.k8s.io/pause:3.9' };
const registries = {
  'docker.io': { mirrors: ['https://one.example', 'https://two.example/v2/hub'], overridePath: true },
  'mirror:5000': { mirrors: ['http://mirror:5000'], server: 'http://mirror:5000', skipVerify: true },
  _default: { mirrors: ['https://all.example'] },
};
const dump = parseDump(readFileSync(new URL('../fixtures/containerd/dump-1.6.20.toml', import.meta.url), 'utf8'));
const nothing = { changed: () => false };

describe('containerd', () => {
  it.each(['rhel', 'debian'] as const)('wishes for the same on %s', async (family) => {
    expect(namesOf(await planOf(containerd({ ...vars, registries }), family))).toEqual([
      'conflicts containerd containerd.io docker.io docker-ce',
      'archive containerd',
      'file /etc/containerd/certs.d/docker.io/hosts.toml',
      'file /etc/containerd/certs.d/mirror:5000/hosts.toml',
      'file /etc/containerd/certs.d/_default/hosts.toml',
      'file /etc/containerd/config.toml',
      'unit containerd.service',
      'effective containerd config',
      'service containerd.service',
      'gate the CRI plugin of containerd is up',
    ]);
  });

  it.each([
    ['1.6.33', 2],
    ['1.7.20', 2],
    ['2.0.1', 3],
  ] as const)('renders a config for %s with all that Kubernetes needs', async (version, layout) => {
    const text = textOf(await planOf(containerd({ ...vars, version })), '/etc/containerd/config.toml');
    expect(text).toMatchSnapshot(version);
    const settings = parseDump(text);
    for (const { table, key, value } of essentials(layout, vars.sandboxImage)) {
      expect(settings.get(`${table}|${key}`)).toBe(value);
    }
  });

  it('puts the extra TOML last', async () => {
    const plan = await planOf(
      containerd({ ...vars, extra: '[debug]\n  level = "debug"\n', restrictOomScoreAdj: true }),
    );
    const text = textOf(plan, '/etc/containerd/config.toml');
    expect(text).toMatch(/config_path = ".*"\n\n\[debug\]\n {2}level = "debug"\n$/);
    expect(text).toContain('restrict_oom_score_adj = true');
  });

  it('writes the mirrors in order, and the true server of docker.io', async () => {
    const plan = await planOf(containerd({ ...vars, registries }));
    for (const name of Object.keys(registries)) {
      expect(textOf(plan, `/etc/containerd/certs.d/${name}/hosts.toml`)).toMatchSnapshot(name);
    }
  });

  it('takes the archive of the host’s architecture', async () => {
    const [, programs] = await planOf(containerd(vars), 'rhel', { arch: 'arm64' });
    expect(programs?.evidence?.digest).toBe(sources.arm64.sha256);
    const only = containerd({ ...vars, source: { amd64: sources.amd64 } });
    await expect(planOf(only, 'rhel', { arch: 'arm64' })).rejects.toThrow('arm64');
  });

  it.each([
    [{ version: '1.5.9' }, 'configures 1.6, 1.7 and 2.x'],
    [{ version: 'latest' }, 'is not a version'],
    [{ sandboxImage: 'pause' }, 'is not an image with a tag'],
    [{ extra: '[plugins."io.containerd.grpc.v1.cri".registry.mirrors]' }, 'registry.mirrors'],
    [{ registries: { 'docker.io': { mirrors: ['https://x'], server: 'https://docker.io' } } }, 'registry-1.docker.io'],
    [{ registries: { 'https://docker.io': { mirrors: ['https://x'] } } }, 'Invalid key in record'],
    [{ registries: { 'quay.io': { mirrors: ['https://x"y'] } } }, 'is not an http or https URL'],
  ])('refuses %j before anything is contacted', async (wrong, message) => {
    await expect(planOf(containerd({ ...vars, ...wrong }))).rejects.toThrow(message);
  });

  it('has a unit that lets containers outlive a restart', async () => {
    const unit = textOf(await planOf(containerd(vars)), 'containerd.service');
    expect(unit).toMatch(/^Delegate=yes$/m);
    expect(unit).toMatch(/^KillMode=process$/m);
    expect(unit).toMatch(/^LimitNOFILE=1048576$/m);
  });

  it.runIf(existsSync('/usr/bin/systemd-analyze'))('has a unit that systemd has nothing to say about', async () => {
    const path = join(await tempFolder(), 'containerd.service');
    const unit = textOf(await planOf(containerd(vars)), 'containerd.service');
    writeFileSync(path, unit.replace('/usr/local/bin/containerd', '/bin/true'));
    const script = 'systemd-analyze verify "$1" 2>&1 | grep containerd.service || :';
    expect(execFileSync('sh', ['-c', script, 'sh', path], { encoding: 'utf8' })).toBe('');
  });
});

describe('the effective configuration', () => {
  const wished = essentials(2, 'registry.k8s.io/pause:3.9');
  const check = effectiveConfig('/usr/local/bin/containerd', wished);

  it('is right in what containerd 1.6.20 makes of our file', () => {
    expect(check.diff(dump, nothing)).toEqual([]);
  });

  it('refuses a host whose own files say otherwise', async () => {
    const wrong = new Map(dump);
    wrong.set('plugins."io.containerd.grpc.v1.cri"|sandbox_image', 'registry.k8s.io/pause:3.6');
    wrong.set('|disabled_plugins', '["io.containerd.grpc.v1.cri"]');
    wrong.delete(`${wished[2]?.table}|SystemdCgroup`);
    const changes = check.diff(wrong, nothing);
    expect(changes).toEqual([
      { path: 'sandbox_image', from: 'registry.k8s.io/pause:3.6', to: 'registry.k8s.io/pause:3.9' },
      { path: 'SystemdCgroup', from: undefined, to: 'true' },
      { path: 'disabled_plugins', from: '["io.containerd.grpc.v1.cri"]', to: 'without cri' },
    ]);
    await expect(check.apply(localWriter(), changes, wrong)).rejects.toThrow('SystemdCgroup is not set, must be true');
  });

  it.each([
    ['1.5.18', undefined],
    ['1.6.0', 2],
    ['2.1.3', 3],
    ['3.0.0', undefined],
  ])('of containerd %s has layout %s', (version, layout) => {
    expect(configVersion(version)).toBe(layout);
  });
});
