import { describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { buildkit } from '../../roles/buildkit/index.ts';
import { cniPlugins } from '../../roles/cni-plugins/index.ts';
import { containerd } from '../../roles/containerd/index.ts';
import { crictl } from '../../roles/crictl/index.ts';
import { nerdctl } from '../../roles/nerdctl/index.ts';
import { runc, runcPath } from '../../roles/runc/index.ts';
import { applied, machine } from './applied.ts';
import { planOf, sources, textOf } from './plan.ts';
import { release, served, shellProgram } from './release.ts';
import { toml } from './toml.ts';
import { complaintsAbout } from './verify-units.ts';

// Each script mounts its machine anew: seconds, and more where others work on the same processors.
vi.setConfig({ testTimeout: 60_000 });

// The tools of the runtime, really downloaded, unpacked and put in place from archives such as upstream's.

it('runc: exactly the released bytes, executable; put back when they were altered', async () => {
  const host = await machine();
  const bytes = shellProgram('echo runc version 1.1.12');
  const plan = await planOf(runc({ source: await served(Buffer.from(bytes)) }));
  const install = ['download /usr/local/sbin/runc'];
  expect(await applied(host, plan)).toEqual(install);
  expect(await host.get(runcPath)).toBe(bytes);
  expect(await applied(host, plan)).toEqual([]);
  await host.put(runcPath, 'another', 0o755);
  expect(await applied(host, plan)).toEqual(install);
  expect(await host.get(runcPath)).toBe(bytes);
  await host.put(runcPath, bytes, 0o600);
  expect(await applied(host, plan)).toEqual(install);
});

describe('cni-plugins', () => {
  const of11 =
    'bandwidth bridge dhcp firewall host-device host-local ipvlan loopback macvlan portmap ptp sbr static tuning vlan vrf';

  // What the trees of upstream's tags hold.
  it.each([
    ['0.9.1', of11],
    ['1.1.1', of11],
    ['1.2.0', `${of11} dummy`],
    ['1.3.0', `${of11} dummy tap`],
    ['1.10.0', `${of11} dummy tap`],
    ['2.0.0', `${of11} dummy tap`],
  ])('of %s: all there are, and none is asked for that the release lacks', async (version, names) => {
    const host = await machine();
    const files = Object.fromEntries(
      [...names.split(' '), 'LICENSE'].map((name) => [`./${name}`, shellProgram(`: ${name}`)]),
    );
    const plan = await planOf(cniPlugins({ version, source: await release(files) }));
    expect(await applied(host, plan)).toEqual(['archive cni-plugins']);
    for (const name of names.split(' ')) expect(await host.get(`/opt/cni/bin/${name}`)).toBe(shellProgram(`: ${name}`));
    expect(await host.get('/opt/cni/bin/LICENSE')).toBeUndefined();
    expect(await applied(host, plan)).toEqual([]);
  });

  it('one that a package has put in the place of ours is put back', async () => {
    const host = await machine();
    const files = Object.fromEntries(of11.split(' ').map((name) => [name, shellProgram('ours')]));
    const plan = await planOf(cniPlugins({ version: '1.1.1', source: await release(files) }));
    await applied(host, plan);
    await host.put('/opt/cni/bin/portmap', shellProgram('the package'), 0o755);
    expect(await applied(host, plan)).toEqual(['archive cni-plugins']);
    expect(await host.get('/opt/cni/bin/portmap')).toBe(shellProgram('ours'));
  });
});

describe('crictl', () => {
  it.each([
    [{}, 'unix:///run/containerd/containerd.sock', 10],
    [{ socket: 'unix:///var/run/crio/crio.sock', timeout: 2 }, 'unix:///var/run/crio/crio.sock', 2],
  ])('with %j: the program, and one socket for both', async (more, socket, timeout) => {
    const host = await machine();
    const plan = await planOf(crictl({ source: await release({ crictl: shellProgram('crictl') }), ...more }));
    expect(await applied(host, plan)).toEqual(['archive crictl', 'file /etc/crictl.yaml']);
    expect(await host.get('/usr/local/bin/crictl')).toBe(shellProgram('crictl'));
    expect(parse((await host.get('/etc/crictl.yaml')) ?? '')).toMatchObject({
      'runtime-endpoint': socket,
      'image-endpoint': socket,
      timeout,
    });
    expect(await applied(host, plan)).toEqual([]);
  });
});

it('nerdctl: the program alone; certificates of registries are checked', async () => {
  const host = await machine();
  const files = { nerdctl: shellProgram(': nerdctl'), 'containerd-rootless.sh': shellProgram(':') };
  const plan = await planOf(nerdctl({ source: await release(files), namespace: 'ci' }));
  expect(await applied(host, plan)).toEqual(['archive nerdctl', 'file /etc/nerdctl/nerdctl.toml']);
  expect(await host.get('/usr/local/bin/nerdctl')).toBe(files.nerdctl);
  expect(await host.get('/usr/local/bin/containerd-rootless.sh')).toBeUndefined();
  const settings = toml((await host.get('/etc/nerdctl/nerdctl.toml')) ?? '');
  expect(settings).toMatchObject({ namespace: 'ci', insecure_registry: false });
  expect(await applied(host, plan)).toEqual([]);
});

describe('buildkit', () => {
  const vars = { enabled: true, version: '0.12.5', source: sources };

  it('installs and starts; new settings restart it', async () => {
    const host = await machine();
    await host.standIn('buildctl', ':');
    const names = ['buildkitd', 'buildctl', 'buildkit-runc', 'buildkit-qemu-aarch64'];
    const source = await release(Object.fromEntries(names.map((name) => [`bin/${name}`, shellProgram(`: ${name}`)])));
    const run = async (more: object = {}) => applied(host, await planOf(buildkit({ ...vars, source, ...more })));
    const file = 'file /etc/buildkit/buildkitd.toml';
    expect(await run()).toEqual(['archive buildkit', file, 'unit buildkit.service', 'service buildkit.service']);
    expect(await host.get('/usr/local/bin/buildkit-runc')).toBeUndefined();
    expect(await run()).toEqual([]);
    expect(await run({ namespace: 'ci' })).toEqual([file, 'service buildkit.service']);
    expect(toml((await host.get('/etc/buildkit/buildkitd.toml')) ?? '')).toEqual({
      worker: {
        oci: { enabled: false },
        containerd: { enabled: true, address: '/run/containerd/containerd.sock', namespace: 'ci' },
      },
    });
  });

  it.each(['0.12.10', '0.13.0', '1.0.0'])('%s is not one of the unsafe releases', async (version) => {
    expect(await planOf(buildkit({ ...vars, version }))).not.toEqual([]);
  });
});

it('systemd has nothing to say about the units of containerd and buildkit', async () => {
  const runtime = await planOf(
    containerd({ version: '1.6.33', source: sources, sandboxImage: 'pause.example/pause:3.9' }),
  );
  const builder = await planOf(buildkit({ enabled: true, version: '0.12.5', source: sources }));
  const units = {
    'containerd.service': textOf(runtime, 'containerd.service'),
    'buildkit.service': textOf(builder, 'buildkit.service'),
  };
  const programs = ['usr/local/bin/containerd', 'usr/local/bin/buildkitd'];
  expect(await complaintsAbout(units, programs)).toBe('');
  expect(await complaintsAbout(units, programs.slice(0, 1))).toContain('buildkitd is not executable');
  const mistyped = { ...units, 'containerd.service': units['containerd.service'].replace('Type=notify', 'Type=notfy') };
  expect(await complaintsAbout(mistyped, programs)).toContain('notfy');
});
