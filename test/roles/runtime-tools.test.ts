import { describe, expect, it } from 'vitest';
import { buildkit } from '../../roles/buildkit/index.ts';
import { cniPlugins } from '../../roles/cni-plugins/index.ts';
import { noConflictingPackages } from '../../roles/conflicting-packages/index.ts';
import { crictl } from '../../roles/crictl/index.ts';
import { nerdctl } from '../../roles/nerdctl/index.ts';
import { runc } from '../../roles/runc/index.ts';
import { namesOf, planOf, sources, textOf } from './plan.ts';

const source = sources;
const buildkitOn = { enabled: true, version: '0.12.5', source };

describe.each(['rhel', 'debian'] as const)('on %s', (family) => {
  it.each([
    ['runc', runc({ source }), ['conflicts runc containerd.io', 'download /usr/local/sbin/runc']],
    ['cni-plugins', cniPlugins({ version: '1.4.0', source }), ['archive cni-plugins']],
    ['crictl', crictl({ source }), ['archive crictl', 'file /etc/crictl.yaml']],
    ['nerdctl', nerdctl({ source }), ['archive nerdctl', 'file /etc/nerdctl/nerdctl.toml']],
    ['nerdctl, off', nerdctl({ enabled: false }), []],
    ['buildkit, off as by default', buildkit({ version: '0.12.5' }), []],
    [
      'buildkit',
      buildkit(buildkitOn),
      [
        'archive buildkit',
        'file /etc/buildkit/buildkitd.toml',
        'unit buildkit.service',
        'service buildkit.service',
        'gate buildkitd has a worker',
      ],
    ],
  ])('%s', async (_, step, names) => {
    expect(namesOf(await planOf(step, family))).toEqual(names);
  });
});

it('renders these files', async () => {
  expect(textOf(await planOf(crictl({ source })), '/etc/crictl.yaml')).toMatchSnapshot('crictl.yaml');
  expect(textOf(await planOf(nerdctl({ source })), '/etc/nerdctl/nerdctl.toml')).toMatchSnapshot('nerdctl.toml');
  const plan = await planOf(buildkit(buildkitOn));
  expect(textOf(plan, '/etc/buildkit/buildkitd.toml')).toMatchSnapshot('buildkitd.toml');
  expect(textOf(plan, 'buildkit.service')).toMatchSnapshot('buildkit.service');
});

describe('cni-plugins', () => {
  it.each([
    ['1.1.1', 16],
    ['1.2.0', 17],
    ['1.4.0', 18],
  ])('of %s are %i', async (version, count) => {
    const [plugins] = await planOf(cniPlugins({ version, source }));
    expect(plugins?.evidence?.paths).toHaveLength(count);
    expect(plugins?.evidence?.paths[0]).toBe('/opt/cni/bin/bandwidth');
  });

  it('are those that are named', async () => {
    const [plugins] = await planOf(cniPlugins({ version: '1.4.0', source, plugins: ['loopback'] }));
    expect(plugins?.evidence?.paths).toEqual(['/opt/cni/bin/loopback']);
  });
});

it.each([
  ['an old buildkit', buildkit({ ...buildkitOn, version: '0.11.6' }), 'CVE-2024-23651'],
  ['a buildkit just too old', buildkit({ ...buildkitOn, version: '0.12.4' }), '0.12.5 or later'],
  ['buildkit without source', buildkit({ enabled: true, version: '0.12.5' }), 'has no source'],
  ['nerdctl without source', nerdctl({}), 'has no source'],
  ['a socket that is none', crictl({ source, socket: '/run/x.sock' }), 'is not a socket'],
])('refuses %s', async (_, step, message) => {
  await expect(planOf(step)).rejects.toThrow(message);
});

describe('conflicting packages', () => {
  const wish = noConflictingPackages(['runc'], 'it brings its own');
  const named = (name: string) => ({ version: '1.1.5', status: 'installed', held: false, provides: [name] });
  const nothing = { changed: () => false };

  it('are refused, with what to do', () => {
    expect(() => wish.diff({ manager: 'apt', packages: [named('runc')] }, nothing)).toThrow(
      'installed on this host: runc 1.1.5; it brings its own',
    );
  });

  it('are no change when there are none', () => {
    expect(wish.diff({ manager: 'dnf', packages: [named('crun')] }, nothing)).toEqual([]);
  });
});
