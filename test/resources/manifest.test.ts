import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compareObjects } from '../../lib/resources/kube-compare.ts';
import { isRecord, type KubeObject, kubeObjects } from '../../lib/resources/kube-object.ts';
import { toApply } from '../../lib/resources/kube-wish.ts';
import { manifest } from '../../lib/resources/manifest.ts';
import { converge, localWriter, nothingChanged, probeOn, type Surroundings, shells, tempFolder } from './harness.ts';

const fixtures = join(import.meta.dirname, '../fixtures/kube');
const wishes = await readFile(join(fixtures, 'wishes.yaml'), 'utf8');
/** What a real API server 1.20 answered after a server-side apply of the wishes. */
const live = await readFile(join(fixtures, 'live-1.20.json'), 'utf8');
const kubeconfig = join(fixtures, 'wishes.yaml');
const edge = (documents: string | readonly unknown[] = wishes, owned = true) =>
  manifest('edge', { kubeconfig, documents, owned });
const answered = (objects: readonly KubeObject[]) => ({ problem: undefined, objects });
const liveObjects = kubeObjects([JSON.parse(live)]);

/** The live object `kind` with `path` (dots, numbers for list places) set to a value, or removed. */
function withField(kind: string, path: string, value: unknown): readonly KubeObject[] {
  const copies = kubeObjects(structuredClone(liveObjects));
  const object = copies.find((each) => each.kind === kind);
  const steps = path.split('/');
  let at: unknown = object;
  for (const step of steps.slice(0, -1))
    at = Array.isArray(at) ? at[Number(step)] : isRecord(at) ? at[step] : undefined;
  if (typeof at !== 'object' || at === null) throw new Error(`no ${path} in ${kind}`);
  if (value === undefined) Reflect.deleteProperty(at, steps.at(-1) ?? '');
  else Reflect.set(at, steps.at(-1) ?? '', value);
  return copies;
}

describe('compared with what the API server made of it', () => {
  test('nothing differs, whatever the server added, dropped or wrote in its own way', () => {
    expect(edge().diff(answered(liveObjects), nothingChanged)).toEqual([]);
  });

  const container = 'spec/template/spec/containers/0';
  test.each<[string, string, unknown, string]>([
    ['Deployment', 'spec/replicas', 2, 'spec.replicas'],
    ['Deployment', `${container}/image`, 'y', 'spec.template.spec.containers[name=c].image'],
    ['Deployment', `${container}/args`, ['a'], 'spec.template.spec.containers[name=c].args'],
    ['Deployment', `${container}/args`, ['b', 'a'], 'spec.template.spec.containers[name=c].args[0]'],
    ['Deployment', `${container}/env/1/value`, '2', 'spec.template.spec.containers[name=c].env[name=B].value'],
    [
      'Deployment',
      `${container}/ports`,
      [{ containerPort: 53, protocol: 'TCP' }],
      'spec.template.spec.containers[name=c].ports[containerPort=53,protocol=UDP]',
    ],
    [
      'Deployment',
      `${container}/resources/limits/memory`,
      '2Gi',
      'spec.template.spec.containers[name=c].resources.limits.memory',
    ],
    [
      'Deployment',
      `${container}/resources/limits/cpu`,
      'odd',
      'spec.template.spec.containers[name=c].resources.limits.cpu',
    ],
    ['Deployment', `${container}/resources`, undefined, 'spec.template.spec.containers[name=c].resources.limits.cpu'],
    ['Deployment', 'spec/template/spec/volumes/0/emptyDir', undefined, 'spec.template.spec.volumes[name=v].emptyDir'],
    ['Deployment', 'spec/template/spec/tolerations', [], 'spec.template.spec.tolerations'],
    ['Deployment', 'spec/template/spec/hostNetwork', true, 'spec.template.spec.hostNetwork'],
    ['Deployment', 'metadata/annotations', undefined, ''],
    ['Deployment', 'metadata/annotations', { 'konverge/wish': 'old' }, ''],
    ['ConfigMap', 'data/a', 'x\nz\n', 'data.a'],
    ['Service', 'spec/ports/0/targetPort', '80', 'spec.ports[port=80,protocol=TCP].targetPort'],
    ['Foo', 'spec/list', [{ name: 'a' }, { name: 'b' }, { name: 'c' }], 'spec.list'],
    ['Foo', 'spec/n', undefined, 'spec.n'],
    ['CustomResourceDefinition', 'spec/versions/0/served', false, 'spec.versions[0].served'],
  ])('%s %s = %j is found', (kind, path, value, found) => {
    const changes = edge().diff(answered(withField(kind, path, value)), nothingChanged);
    expect(changes[0]?.path).toMatch(new RegExp(`^${kind} \\S+`));
    expect(changes[0]?.path.split(' ').slice(2).join(' ')).toBe(found);
  });

  test.each<[string, string, unknown]>([
    ['Deployment', `${container}/resources/limits/cpu`, '0.5'],
    ['Deployment', `${container}/resources/limits/memory`, '1073741824'],
    ['Deployment', `${container}/resources/requests/cpu`, '250000000n'],
    ['Deployment', `${container}/env/3`, { name: 'INJECTED', value: 'by someone' }],
    ['Deployment', 'spec/template/spec/volumes/2', { name: 'injected', emptyDir: {} }],
    ['Deployment', 'metadata/labels', { other: 'tool' }],
    ['ConfigMap', 'data/more', 'by someone'],
    ['Service', 'spec/ipFamilies', ['IPv4']],
  ])('%s %s = %j is not ours to change', (kind, path, value) => {
    expect(edge().diff(answered(withField(kind, path, value)), nothingChanged)).toEqual([]);
  });

  test('the words: texts as a diff, secrets never, long values cut, many differences counted', () => {
    expect(edge().diff(answered(withField('ConfigMap', 'data/a', 'x\nz\n')), nothingChanged)).toEqual([
      { path: 'ConfigMap noname data.a', from: 'x\nz\n', to: 'x\ny\n', text: { before: 'x\nz\n', after: 'x\ny\n' } },
    ]);
    const secrets = edge().diff(answered(withField('Secret', 'data/a', 'b3RoZXI=')), nothingChanged);
    expect(secrets).toEqual([{ path: 'Secret edge/s data.a', from: 'another one', to: 'as wished' }]);
    const many = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`k${i}`, 'v'.repeat(100)]));
    const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' }, data: many };
    const bare = kubeObjects([{ ...map, data: {} }]);
    const changes = edge([map]).diff(answered(bare), nothingChanged);
    expect(changes).toHaveLength(6);
    expect(changes[0]).toEqual({ path: 'ConfigMap m data.k0', to: `${'v'.repeat(80)}…` });
    expect(changes[5]).toEqual({ path: 'ConfigMap m', from: '3 more fields', to: 'as wished' });
  });

  test('what is no longer wished shows by the digest', () => {
    const [changed] = edge(wishes.replace(', {name: B, value: "1"}', '')).diff(answered(liveObjects), nothingChanged);
    expect(changed).toEqual({ path: 'Deployment edge/d', from: 'an earlier wish', to: 'this one' });
  });

  test('objects that are not owned are only created', () => {
    const state = answered(withField('Deployment', 'spec/replicas', 5).filter(({ kind }) => kind !== 'Foo'));
    expect(edge(wishes, false).diff(state, nothingChanged)).toEqual([{ path: 'Foo f', to: 'created' }]);
  });

  test('names of the same kind in other namespaces and groups are others', () => {
    const one = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm', namespace: 'a' } };
    const other = { ...one, metadata: { name: 'm', namespace: 'b' } };
    expect(edge([one]).diff(answered(kubeObjects([other])), nothingChanged)).toHaveLength(1);
    const foreign = { ...one, apiVersion: 'x.example.org/v1' };
    expect(edge([one, foreign]).diff(answered(kubeObjects([one])), nothingChanged)).toHaveLength(2);
  });
});

test('order and server-written fields mean nothing to the digest', () => {
  const one = {
    apiVersion: 'v1',
    kind: 'X',
    metadata: { name: 'x', creationTimestamp: null },
    b: 1,
    a: { d: 1, c: 2 },
    status: {},
  };
  const same = { kind: 'X', a: { c: 2, d: 1 }, b: 1, apiVersion: 'v1', metadata: { name: 'x' } };
  const [first, second] = kubeObjects([one, same]).map(toApply);
  expect(first?.metadata.annotations).toEqual(second?.metadata.annotations);
  expect(first).not.toHaveProperty('status');
});

test('a list wished where something else is', () => {
  const [wished, found] = kubeObjects([
    { apiVersion: 'v1', kind: 'X', metadata: { name: 'x' }, env: [1], ports: [{ name: 'only' }] },
    { apiVersion: 'v1', kind: 'X', metadata: { name: 'x' }, env: ['1'], ports: 'none' },
  ]);
  if (wished === undefined || found === undefined) throw new Error('unreachable');
  expect(compareObjects(wished, found).map(({ path }) => path)).toEqual(['env[0]', 'ports']);
});

test.each([
  ['kind: [', 'not YAML'],
  ['a: 1', 'not a Kubernetes object'],
  ['---\n---\n', 'it holds no object'],
  [`${wishes}\n---\n${wishes}`, 'it holds Namespace edge twice'],
])('%j is refused: %s', (documents, message) => {
  expect(() => edge(documents)).toThrow(message);
});

/** A `kubectl` that keeps what was applied in a folder, and knows a kind only after its definition. */
async function cluster(): Promise<Surroundings & { log(): Promise<string>; folder: string }> {
  const folder = await tempFolder();
  await mkdir(join(folder, 'bin'));
  const state = join(folder, 'state');
  await writeFile(
    join(folder, 'bin/kubectl'),
    `#!/bin/sh
case " $* " in
*' apply '*) echo "$*" >>${folder}/log; cat >${folder}/in; cat ${folder}/in >>${state};;
*' wait '*) echo "$*" >>${folder}/log;;
*' get '*)
  cat >${folder}/asked
  if [ -e ${folder}/broken ]; then echo 'The connection to the server was refused' >&2; exit 1; fi
  if grep -q example.org ${folder}/asked && ! grep -q CustomResourceDefinition ${state}; then
    echo 'error: no matches for kind "Foo" in version "example.org/v1"' >&2; exit 1
  fi
  if grep -q '"ConfigMap"' ${folder}/asked && [ -e ${state} ]; then cat ${fixtures}/live-1.20.json; fi;;
esac
`,
    { mode: 0o755 },
  );
  return { path: [join(folder, 'bin')], folder, log: () => readFile(join(folder, 'log'), 'utf8') };
}

describe('on a host', () => {
  test.each(shells)('definitions first, waited for, then the rest; the second run finds nothing, %s', async (shell) => {
    const here = await cluster();
    expect(await converge(shell, edge(), here)).toHaveLength(7);
    expect((await here.log()).trim().split('\n')).toEqual([
      `--kubeconfig ${kubeconfig} apply --server-side --force-conflicts --field-manager=konverge -f -`,
      `--kubeconfig ${kubeconfig} wait --for condition=established --timeout=60s crd/foos.edge.example.org`,
      `--kubeconfig ${kubeconfig} apply --server-side --force-conflicts --field-manager=konverge -f -`,
    ]);
    expect(await converge(shell, edge(), here)).toEqual([]);
  });

  test('only what differs is applied', async () => {
    const here = await cluster();
    const state = answered(withField('Deployment', 'spec/replicas', 5));
    await edge().apply(localWriter('dash', here), [], state);
    const sent: unknown = JSON.parse(await readFile(join(here.folder, 'in'), 'utf8'));
    expect(sent).toMatchObject({ kind: 'List', items: [{ kind: 'Deployment', spec: { replicas: 0 } }] });
  });

  test('a cluster that does not answer is a change, not a failure', async () => {
    const here = await cluster();
    await writeFile(join(here.folder, 'broken'), '');
    const said = edge().diff(await probeOn('dash', edge(), here), nothingChanged);
    expect(said).toEqual([
      { path: 'objects', from: 'not known: The connection to the server was refused', to: '7 applied' },
    ]);
    await edge().apply(localWriter('dash', here), [], { problem: 'x', objects: [] });
    expect(await here.log()).toContain('wait');

    const nowhere = manifest('edge', { kubeconfig: '/nonexistent', documents: wishes });
    expect((await probeOn('dash', nowhere, here)).problem).toBe('there is no /nonexistent');
    const without = await probeOn('dash', edge(), { wrap: ['/usr/bin/env', 'PATH=/nonexistent'] }).catch(
      () => undefined,
    );
    expect(without).toBeUndefined();
  });

  test('a host without kubectl', () => {
    expect(edge().probe.parse(Buffer.from('there is no kubectl\n')).problem).toBe('there is no kubectl');
    expect(edge().probe.parse(Buffer.from('')).problem).toBe('');
  });
});
