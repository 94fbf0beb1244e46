import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { badInput } from '../../lib/index.ts';
import { atLeast } from '../kubeadm/index.ts';
import type { CalicoVars } from './vars.ts';

const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
});
export type KubernetesObject = z.output<typeof objectSchema>;

const containerSchema = z.looseObject({ name: z.string(), image: z.string() });
const workloadSchema = z.looseObject({
  spec: z.looseObject({
    replicas: z.int().optional(),
    template: z.looseObject({
      spec: z.looseObject({
        initContainers: z.array(containerSchema).optional(),
        containers: z.array(containerSchema),
      }),
    }),
  }),
});
type Container = z.output<typeof containerSchema>;

export type ObjectSettings = Pick<
  CalicoVars,
  | 'version'
  | 'imageRegistry'
  | 'podSubnet'
  | 'kubernetesVersion'
  | 'encapsulation'
  | 'mode'
  | 'typhaReplicas'
  | 'mtu'
  | 'autodetection'
  | 'hostPlugins'
>;

/**
 * Upstream's manifest as this cluster needs it. Objects are found by kind and name, never by their place in the text.
 * @throws BadInput when the text is not Calico's manifest of this version
 */
export function calicoObjects(text: string, settings: ObjectSettings): readonly KubernetesObject[] {
  // YAML 1.1, as Kubernetes itself reads it.
  const objects = parseAllDocuments(text, { version: '1.1' })
    .map((document): unknown => document.toJS())
    .filter((value) => value !== null)
    .map((value) => objectSchema.parse(value));
  if (!objects.some(({ kind, metadata }) => kind === 'DaemonSet' && metadata.name === 'calico-node')) {
    throw badInput('the Calico manifest holds no DaemonSet calico-node', {
      mend: 'source.urls must lead to calico.yaml or calico-typha.yaml itself, not to a web page about it',
    });
  }
  return objects.map((object) => edited(object, settings));
}

function edited(object: KubernetesObject, settings: ObjectSettings): KubernetesObject {
  switch (`${object.kind} ${object.metadata.name}`) {
    case 'ConfigMap calico-config':
      return configured(object, settings);
    case 'DaemonSet calico-node':
      return workload(object, settings, (container) => nodeContainer(container, settings));
    case 'Deployment calico-typha':
      return workload(object, settings, (container) => container, settings.typhaReplicas);
    case 'Deployment calico-kube-controllers':
      return workload(object, settings, (container) => container);
    default:
      return object.kind === 'PodDisruptionBudget' ? budget(object, settings) : object;
  }
}

function configured(object: KubernetesObject, { encapsulation, mtu }: ObjectSettings): KubernetesObject {
  const data = z.record(z.string(), z.string()).parse(object['data']);
  const backend = encapsulation === 'vxlan' ? { calico_backend: 'vxlan' } : {};
  return { ...object, data: { ...data, ...backend, ...(mtu === undefined ? {} : { veth_mtu: String(mtu) }) } };
}

/** policy/v1 came with Kubernetes 1.21; the fields that Calico uses are the same in v1beta1. */
function budget(object: KubernetesObject, { kubernetesVersion }: ObjectSettings): KubernetesObject {
  return { ...object, apiVersion: atLeast(kubernetesVersion, '1.21') ? 'policy/v1' : 'policy/v1beta1' };
}

function workload(
  object: KubernetesObject,
  settings: ObjectSettings,
  edit: (container: Container) => Container,
  replicas?: number,
): KubernetesObject {
  const { spec } = workloadSchema.parse(object);
  const pod = spec.template.spec;
  const change = (container: Container): Container => edit({ ...container, image: imageOf(container, settings) });
  const init = pod.initContainers === undefined ? {} : { initContainers: pod.initContainers.map(change) };
  const template = { ...spec.template, spec: { ...pod, ...init, containers: pod.containers.map(change) } };
  return { ...object, spec: { ...spec, ...(replicas === undefined ? {} : { replicas }), template } };
}

function imageOf({ image }: Container, { imageRegistry, version }: ObjectSettings): string {
  // Of docker.io until 3.30, of quay.io in later manifests.
  const [, name, tag] = /^(?:docker|quay)\.io\/calico\/([a-z-]+):(.+)$/.exec(image) ?? [];
  if (name === undefined) return image;
  if (tag === `v${version}`) return `${imageRegistry}/${name}:${tag}`;
  throw badInput(`the Calico manifest is not of version ${version}: it uses ${image}`, {
    mend: 'take source.urls from the tag of the version, not from a branch',
  });
}

const environment = z.array(z.looseObject({ name: z.string() }));
const probe = z.looseObject({ exec: z.looseObject({ command: z.array(z.string()) }) });

function nodeContainer(container: Container, settings: ObjectSettings): Container {
  if (container.name === 'install-cni') return installer(container, settings);
  if (container.name !== 'calico-node') return container;
  const { encapsulation, mode } = settings;
  const changed = withEnvironment(container, {
    CALICO_IPV4POOL_CIDR: settings.podSubnet,
    CALICO_IPV4POOL_IPIP: encapsulation === 'ipip' ? mode : 'Never',
    CALICO_IPV4POOL_VXLAN: encapsulation === 'vxlan' ? mode : 'Never',
    IP_AUTODETECTION_METHOD: settings.autodetection,
  });
  return { ...changed, ...(encapsulation === 'vxlan' ? withoutBird(container) : {}) };
}

/**
 * It copies all plugins of its image over those of the host each time that it starts: cni-plugin/pkg/install of Calico. With two
 * owners of /opt/cni/bin each run of ours would put back what the next pod of Calico's overwrites.
 */
function installer(container: Container, { hostPlugins }: ObjectSettings): Container {
  return hostPlugins.length === 0
    ? container
    : withEnvironment(container, { SKIP_CNI_BINARIES: hostPlugins.join(',') });
}

function withEnvironment(container: Container, wished: Readonly<Record<string, string>>): Container {
  const others = environment.parse(container['env'] ?? []).filter(({ name }) => !(name in wished));
  return { ...container, env: [...others, ...Object.entries(wished).map(([name, value]) => ({ name, value }))] };
}

/** With VXLAN there is no BIRD, and a pod whose probes ask for it never gets Ready. */
function withoutBird(container: Container): Readonly<Record<string, unknown>> {
  const changed = ['livenessProbe', 'readinessProbe'].map((name) => {
    const { exec, ...rest } = probe.parse(container[name]);
    const command = exec.command.filter((word) => !/^-bird-(live|ready)$/.test(word));
    return [name, { ...rest, exec: { ...exec, command } }] as const;
  });
  return Object.fromEntries(changed);
}
