import { describe, expect, test } from 'vitest';
import { checkCluster } from '../../group_vars/checks/index.ts';
import { knownChecksums } from '../../group_vars/checksums.ts';
import { controlPlaneEndpoint, packageRepositories, pauseImage } from '../../group_vars/kubernetes.ts';
import { mirrorOf } from '../../group_vars/mirrors.ts';
import { keepalivedPriority } from '../../group_vars/priorities.ts';
import type { ClusterVars } from '../../group_vars/schema.ts';
import { type Artifact, artifact, calicoManifest } from '../../group_vars/sources.ts';
import { failureOf, load, messageOf } from '../inventory/base-vars.ts';

async function vars(more = ''): Promise<ClusterVars> {
  const loaded = await load(more === '' ? {} : { files: { 'control-plane.yaml': more } });
  const [host] = loaded.hosts;
  if (host === undefined) throw new Error('no host');
  return host.vars;
}

const ownMirror = `mirror:
  kubernetesPackages: http://m.test/k8s/
  imageRepository: m.test:5000/k8s
  calicoImages: m.test:5000/calico
  releases: [http://one.test, 'https://two.test/github/']
  calicoManifests: http://m.test/calico
  packageMirror: { debian: http://m.test/debian }
`;

describe('release files, as upstream names them', () => {
  test.each<readonly [Artifact, string, string]>([
    [
      'containerd',
      'containerd/containerd/releases/download/v1.6.33/containerd-1.6.33-linux-amd64.tar.gz',
      'a0c7daa50386',
    ],
    ['runc', 'opencontainers/runc/releases/download/v1.1.12/runc.amd64', 'aadeef400b8f'],
    [
      'cniPlugins',
      'containernetworking/plugins/releases/download/v1.4.0/cni-plugins-linux-amd64-v1.4.0.tgz',
      'c2485ddb3ffc',
    ],
    ['crictl', 'kubernetes-sigs/cri-tools/releases/download/v1.29.0/crictl-v1.29.0-linux-amd64.tar.gz', 'd16a1ffb3938'],
    ['etcd', 'etcd-io/etcd/releases/download/v3.5.12/etcd-v3.5.12-linux-amd64.tar.gz', 'f2ff0cb43ce1'],
    ['nerdctl', 'containerd/nerdctl/releases/download/v1.4.0/nerdctl-1.4.0-linux-amd64.tar.gz', 'd8dcd4e270ae'],
  ])('%s', async (name, path, sum) => {
    const found = artifact(name, await vars());
    expect(found.amd64?.urls).toEqual([`https://github.com/${path}`]);
    expect(found.amd64?.sha256.slice(0, 12)).toBe(sum);
    expect(found.arm64?.urls[0]).toBe(`https://github.com/${path.replaceAll('amd64', 'arm64')}`);
    expect(found.arm64?.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test('vars add a checksum; an architecture without one is absent', async () => {
    const sum = 'c'.repeat(64);
    const found = artifact('buildkit', await vars(`checksums: { buildkit-0.12.5: { arm64: ${sum} } }\n`));
    expect(found).toEqual({
      arm64: {
        urls: ['https://github.com/moby/buildkit/releases/download/v0.12.5/buildkit-v0.12.5.linux-arm64.tar.gz'],
        sha256: sum,
      },
    });
  });

  test('nothing is fetched without a checksum', async () => {
    const base = await vars();
    expect(messageOf(() => artifact('buildkit', base))).toBe('no sha256 is known for buildkit-0.12.5');
    const other = { ...base, versions: { ...base.versions, calico: '3.1.0' } };
    expect(messageOf(() => calicoManifest(other))).toBe('no sha256 is known for calico-typha-3.1.0');
  });

  test('the checksums of this release are whole', () => {
    const sums = Object.values(knownChecksums).flatMap((each) =>
      typeof each === 'string' ? [each] : Object.values(each),
    );
    expect(sums).toHaveLength(14);
    for (const sum of sums) expect(sum).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(sums).size).toBe(sums.length);
  });
});

describe('the Calico manifest', () => {
  test('of the tag, with or without Typha', async () => {
    expect(calicoManifest(await vars())).toMatchObject({
      urls: ['https://raw.githubusercontent.com/projectcalico/calico/v3.28.0/manifests/calico-typha.yaml'],
      sha256: expect.stringMatching(/^847fe66a/),
    });
    expect(calicoManifest(await vars('calico: { variant: plain }\n'))).toMatchObject({
      urls: ['https://raw.githubusercontent.com/projectcalico/calico/v3.28.0/manifests/calico.yaml'],
      sha256: expect.stringMatching(/^93e7f39c/),
    });
  });
});

describe('mirrors', () => {
  test('upstream', async () => {
    expect(packageRepositories(await vars())).toEqual({
      deb: {
        uri: 'https://pkgs.k8s.io/core:/stable:/v1.29/deb/',
        suite: '/',
        components: [],
        key: { url: 'https://pkgs.k8s.io/core:/stable:/v1.29/deb/Release.key' },
      },
      rpm: {
        baseurl: 'https://pkgs.k8s.io/core:/stable:/v1.29/rpm/',
        key: { url: 'https://pkgs.k8s.io/core:/stable:/v1.29/rpm/repodata/repomd.xml.key' },
      },
    });
    expect(pauseImage(await vars())).toBe('registry.k8s.io/pause:3.9');
    expect(mirrorOf(await vars()).packageMirror).toEqual({});
  });

  test('aliyun', async () => {
    const aliyun = await vars('mirror: aliyun\n');
    expect(packageRepositories(aliyun).rpm.baseurl).toBe(
      'https://mirrors.aliyun.com/kubernetes-new/core/stable/v1.29/rpm/',
    );
    expect(pauseImage(aliyun)).toBe('registry.aliyuncs.com/google_containers/pause:3.9');
    expect(mirrorOf(aliyun).packageMirror.rocky).toBe('https://mirrors.aliyun.com/rockylinux');
  });

  test('a site of its own: slashes at the end are dropped, several addresses are tried in order', async () => {
    const own = await vars(ownMirror);
    expect(packageRepositories(own).deb.uri).toBe('http://m.test/k8s/v1.29/deb/');
    expect(artifact('runc', own).amd64?.urls).toEqual([
      'http://one.test/opencontainers/runc/releases/download/v1.1.12/runc.amd64',
      'https://two.test/github/opencontainers/runc/releases/download/v1.1.12/runc.amd64',
    ]);
    expect(mirrorOf(own)).toMatchObject({
      calicoImages: 'm.test:5000/calico',
      packageMirror: { debian: 'http://m.test/debian' },
    });
    const one = ownMirror.replace(/releases: .*/, 'releases: http://one.test').replace(/ {2}packageMirror.*\n/, '');
    expect(mirrorOf(await vars(one))).toMatchObject({ releases: ['http://one.test'], packageMirror: {} });
  });
});

describe('the pause image is that of kubeadm', () => {
  const of = async (kubernetes: string, pause?: string) => {
    const base = await vars();
    return pauseImage({
      ...base,
      versions: { ...base.versions, kubernetes, ...(pause === undefined ? {} : { pause }) },
    });
  };

  test.each([
    ['1.20.2', '3.2'],
    ['1.21.0', '3.4.1'],
    ['1.24.0', '3.7'],
    ['1.25.0', '3.8'],
    ['1.29.6', '3.9'],
    ['1.31.0', '3.10'],
  ])('%s: %s', async (kubernetes, tag) => {
    expect(await of(kubernetes)).toBe(`registry.k8s.io/pause:${tag}`);
  });

  test('of a version not known here it is asked for', async () => {
    expect(await of('1.99.0', '4.0')).toBe('registry.k8s.io/pause:4.0');
    expect(await failureOf(of('1.99.0'))).toContain('1.99.0 is not known');
    expect(await failureOf(of('2.29.0'))).toContain('2.29.0 is not known');
    expect(await failureOf(of('1.19.0'))).toContain('1.19.0 is not known');
  });
});

test('the endpoint is the name where there is one', async () => {
  expect(controlPlaneEndpoint(await vars())).toBe('192.168.10.240:8443');
  const { cluster } = await vars();
  const endpoint = { ...cluster.endpoint, name: 'k8s-api.test', port: 443 };
  expect(controlPlaneEndpoint({ cluster: { ...cluster, endpoint } })).toBe('k8s-api.test:443');
});

test('priorities fall with the place, unless a host has its own', async () => {
  const planes = (await load()).hosts.slice(0, 3);
  expect(planes.map((host) => keepalivedPriority(host, planes))).toEqual([100, 99, 98]);
  const [own] = planes.map((host) => ({ ...host, vars: { keepalived: { ...host.vars.keepalived, priority: 7 } } }));
  expect(own && keepalivedPriority(own, planes)).toBe(7);
});

test('no hosts, nothing to say but that', () => {
  expect(checkCluster([]).map(({ message }) => message)).toEqual(['there is no control plane']);
});
