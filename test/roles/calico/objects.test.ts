import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { calicoObjects, type KubernetesObject, type ObjectSettings } from '../../../roles/calico/objects.ts';

const manifest = readFileSync(new URL('../../fixtures/calico/calico-typha-v3.28.0.yaml', import.meta.url), 'utf8');
const settings: ObjectSettings = {
  version: '3.28.0',
  imageRegistry: 'registry.example:5000/calico',
  podSubnet: '10.244.0.0/16',
  kubernetesVersion: '1.29.6',
  encapsulation: 'ipip',
  mode: 'CrossSubnet',
  typhaReplicas: 3,
  mtu: undefined,
  autodetection: 'kubernetes-internal-ip',
  hostPlugins: [],
};
const original: readonly KubernetesObject[] = parseAllDocuments(manifest).map((each): KubernetesObject => each.toJS());

// A quarter of a second each, most of it for the YAML; several tests look at the same ones.
const known = new Map<string, readonly KubernetesObject[]>();
function made(more: Partial<ObjectSettings> = {}): readonly KubernetesObject[] {
  const key = JSON.stringify(more);
  const objects = known.get(key) ?? calicoObjects(manifest, { ...settings, ...more });
  known.set(key, objects);
  return objects;
}
const textOf = (objects: readonly KubernetesObject[], kind: string, name: string): string =>
  stringify(objects.filter((each) => each.kind === kind && each.metadata.name === name));
const node = (more: Partial<ObjectSettings> = {}): string => textOf(made(more), 'DaemonSet', 'calico-node');

describe('the real manifest of 3.28.0', () => {
  test('is whole: the same objects in the same order', () => {
    const names = (objects: readonly KubernetesObject[]) => objects.map((each) => `${each.kind} ${each.metadata.name}`);
    expect(names(made())).toEqual(names(original));
    expect(made()).toHaveLength(34);
  });

  test('changes nothing but what it is asked to', () => {
    const changed = made({ imageRegistry: 'docker.io/calico', mtu: 1400 })
      .filter((each, i) => !isDeepStrictEqual(each, original[i]))
      .map((each) => `${each.kind} ${each.metadata.name}`);
    expect(changed).toEqual(['ConfigMap calico-config', 'DaemonSet calico-node', 'Deployment calico-typha']);
  });

  test('every image comes from the registry', () => {
    const images = stringify(made()).match(/image: .*/g);
    expect(new Set(images)).toEqual(
      new Set(
        ['cni', 'node', 'kube-controllers', 'typha'].map(
          (name) => `image: registry.example:5000/calico/${name}:v3.28.0`,
        ),
      ),
    );
    expect(images).toHaveLength(6);
  });

  test('only Typha gets the replicas', () => {
    expect(textOf(made(), 'Deployment', 'calico-typha')).toContain('replicas: 3');
    expect(textOf(made(), 'Deployment', 'calico-kube-controllers')).toContain('replicas: 1');
  });

  test('IPIP, with BIRD', () => {
    const text = node();
    for (const [name, value] of [
      ['CALICO_IPV4POOL_CIDR', '10.244.0.0/16'],
      ['CALICO_IPV4POOL_IPIP', 'CrossSubnet'],
      ['CALICO_IPV4POOL_VXLAN', 'Never'],
      ['IP_AUTODETECTION_METHOD', 'kubernetes-internal-ip'],
      ['CALICO_IPV6POOL_VXLAN', 'Never'],
    ]) {
      expect(text.match(new RegExp(`- name: ${name}\\n +value: ${value}\\n`, 'g')) ?? []).toHaveLength(1);
    }
    expect(text).toContain('-bird-ready');
    expect(textOf(made(), 'ConfigMap', 'calico-config')).toContain('calico_backend: bird');
  });

  test('VXLAN, without BIRD', () => {
    const text = node({ encapsulation: 'vxlan', mode: 'Always' });
    expect(text).toMatch(/CALICO_IPV4POOL_IPIP\n +value: Never/);
    expect(text).toMatch(/CALICO_IPV4POOL_VXLAN\n +value: Always/);
    expect(text).not.toContain('-bird-');
    expect(text).toContain('-felix-live');
    expect(text).toContain('-felix-ready');
    expect(text).toContain('periodSeconds: 10');
    expect(textOf(made({ encapsulation: 'vxlan' }), 'ConfigMap', 'calico-config')).toContain('calico_backend: vxlan');
  });

  test('the MTU is text, or Calico’s own choice', () => {
    expect(textOf(made({ mtu: 1450 }), 'ConfigMap', 'calico-config')).toContain('veth_mtu: "1450"');
    expect(textOf(made(), 'ConfigMap', 'calico-config')).toContain('veth_mtu: "0"');
  });

  test('its installer leaves the plugins of the host alone', () => {
    const text = node({ hostPlugins: ['host-local', 'portmap'] });
    expect(text.match(/- name: SKIP_CNI_BINARIES\n +value: host-local,portmap\n/g)).toHaveLength(1);
    expect(text.indexOf('SKIP_CNI_BINARIES')).toBeGreaterThan(text.indexOf('name: install-cni'));
    expect(text.indexOf('SKIP_CNI_BINARIES')).toBeLessThan(text.indexOf('name: mount-bpffs'));
    expect(node()).not.toContain('SKIP_CNI_BINARIES');
  });

  test('images of the second registry come from ours too', () => {
    const later = calicoObjects(manifest.replaceAll('docker.io/calico/', 'quay.io/calico/'), settings);
    expect(stringify(later)).not.toContain('quay.io');
  });

  test.each([
    ['1.20.2', 'policy/v1beta1'],
    ['1.21.0', 'policy/v1'],
    ['1.29.6', 'policy/v1'],
  ])('disruption budgets of Kubernetes %s are of %s', (kubernetesVersion, apiVersion) => {
    const budgets = made({ kubernetesVersion }).filter((each) => each.kind === 'PodDisruptionBudget');
    expect(budgets.map((each) => each.apiVersion)).toEqual([apiVersion, apiVersion]);
  });
});

test('the manifest of another version, or a page about it, is refused', () => {
  expect(() => made({ version: '3.28.1' })).toThrow(
    /not of version 3\.28\.1: it uses docker\.io\/calico\/cni:v3\.28\.0/,
  );
  expect(() => calicoObjects(manifest.replaceAll(':v3.28.0', ':master'), settings)).toThrow(/:master/);
  expect(() => calicoObjects('apiVersion: v1\nkind: List\nmetadata: { name: x }\n', settings)).toThrow(/no DaemonSet/);
});
