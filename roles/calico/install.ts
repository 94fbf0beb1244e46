import { createHash } from 'node:crypto';
import { type Context, download, manifest, type Probe, refused, sh } from '../../lib/index.ts';
import { adminConf, apiOf, healthyControlPlane, initCandidate, ownFolder, planned } from '../kubeadm/index.ts';
import { definitionsServed, rolledOut } from './gates.ts';
import { calicoObjects } from './objects.ts';
import { poolsOf } from './pools.ts';
import type { CalicoVars } from './vars.ts';

const upstream = `${ownFolder}/calico-upstream.yaml`;
const upstreamText: Probe<string> = {
  script: sh`[ ! -f ${upstream} ] || cat ${upstream}`,
  parse: (out) => out.toString('utf8'),
};

/**
 * Every control plane gets the manifest, so that each can act; the first healthy one does.
 * @throws Refused when none is healthy
 */
export async function installCalico(context: Context, vars: CalicoVars): Promise<void> {
  await context.ensure(download(upstream, { ...vars.source }));
  const healthy = (await healthyControlPlane(context, vars))?.host.name;
  const actor = healthy ?? (context.check ? initCandidate(context, vars) : undefined);
  if (actor === undefined) {
    throw refused('no control plane with a ready API server can be reached', {
      mend: 'Calico is installed into a running cluster: look at the plays before this one',
    });
  }
  if (actor !== context.host.name) return;
  const text = await context.read(upstreamText);
  const known = createHash('sha256').update(text).digest('hex') === vars.source.sha256;
  if (healthy === undefined || !known) return plan(context, vars);
  await apply(context, vars, text);
  await awaitRollout(context, vars, text.includes('name: calico-typha'));
  await comparePools(context, vars);
}

/** Under `--check`, before the manifest or the cluster is there. */
async function plan(context: Context, { version }: CalicoVars): Promise<void> {
  context.note('Calico’s objects are compared one by one when its manifest is on the host and the cluster runs');
  const changes = [{ path: 'objects', to: `of Calico ${version}` }];
  await context.ensure(planned('manifest', 'calico-crds', changes), planned('manifest', 'calico', changes));
}

async function apply(context: Context, vars: CalicoVars, text: string): Promise<void> {
  const objects = calicoObjects(text, vars);
  const isDefinition = ({ kind }: { kind: string }): boolean => kind === 'CustomResourceDefinition';
  const definitions = objects.filter(isDefinition);
  const names = definitions.map(({ metadata }) => metadata.name);
  await context.ensure(
    manifest('calico-crds', { kubeconfig: adminConf, documents: definitions }),
    definitionsServed(names, apiOf(context.host, vars)),
    manifest('calico', { kubeconfig: adminConf, documents: objects.filter((object) => !isDefinition(object)) }),
  );
}

async function awaitRollout(context: Context, vars: CalicoVars, typha: boolean): Promise<void> {
  const api = apiOf(context.host, vars);
  const namespace = 'kube-system';
  const mend =
    'look at `kubectl -n kube-system get pods -o wide` and at `describe` and `logs` of those that are not Ready';
  const whats = ['daemonset/calico-node', ...(typha ? ['deployment/calico-typha'] : []), 'deployment/coredns'];
  await context.ensure(...whats.map((what) => rolledOut({ namespace, what, seconds: vars.timeout, mend }, api)));
}

async function comparePools(context: Context, vars: CalicoVars): Promise<void> {
  const pools = await context.read(poolsOf(apiOf(context.host, vars)));
  if (pools.length === 0 || pools.includes(vars.podSubnet)) return;
  context.note(`Calico’s IP pool is ${pools.join(', ')}, not ${vars.podSubnet}: it was made once and follows no var`);
}
