import { randomBytes } from 'node:crypto';
import { type Context, type HostView, refused, reveal, secret } from '../../lib/index.ts';
import {
  apiOf,
  apiReady,
  controlPlanesOf,
  endpointOf,
  endpointOpen,
  endpointReady,
  endpointState,
  type HostWitness,
  ifReachable,
  initCandidate,
  initConfig,
  isHealthy,
  reachOf,
  resetHost,
  witnessOf,
} from '../kubeadm/index.ts';
import { decideInit, type InitDecision } from './decide-init.ts';
import { kubeadmInit } from './init-resource.ts';
import { askRegistry } from './registry.ts';
import type { KubeadmInitVars } from './vars.ts';

/** One control plane’s turn: it starts the cluster, takes up an init that died on it, or sees that there is nothing to do. */
export async function startCluster(context: Context, vars: KubeadmInitVars): Promise<void> {
  const own = await witnessOf(context, vars);
  const mayStart = own.initUnfinished || context.host.name === initCandidate(context, vars);
  if (!mayStart || isHealthy(own)) return;
  const decision = await decideHere(context, vars, own);
  switch (decision.act) {
    case 'nothing':
      return;
    case 'refuse':
      throw refused(decision.why, { mend: decision.mend });
    case 'wait':
      return waitForOwn(context, vars, decision.why);
    default:
      context.note(`${decision.act.replaceAll('-', ' ')}: ${decision.why}`);
      return start(context, vars, decision.act);
  }
}

async function decideHere(context: Context, vars: KubeadmInitVars, own: HostWitness): Promise<InitDecision> {
  const names = controlPlanesOf(context.inventory, vars.controlPlaneGroup)
    .map(({ name }) => name)
    .filter((name) => name !== context.host.name);
  const others = await Promise.all(
    names.map(async (name) => {
      const reach = await reachOf(context, name);
      return { name, witness: reach && (await ifReachable(() => witnessOf(reach, vars))) };
    }),
  );
  return decideInit({
    name: context.host.name,
    own,
    others,
    assumeNoCluster: vars.assumeNoCluster,
    endpoint: endpointOf(vars),
    registry: await askRegistry(context, vars),
    endpointState: isBalanced(context.host, vars) ? await context.read(endpointState(vars)) : 'silent',
  });
}

/** false = the endpoint is the API server of this host itself, which is not there before init */
function isBalanced({ name, address }: HostView, { endpoint, endpointPort, apiPort }: KubeadmInitVars): boolean {
  return endpointPort !== apiPort || (endpoint !== address && endpoint !== name);
}

async function waitForOwn(context: Context, vars: KubeadmInitVars, why: string): Promise<void> {
  context.note(`${why}; it is given time to come up`);
  await context.ensure(apiReady(context.host.name, apiOf(context.host, vars)));
  // Now it answers, so this ends: either it is healthy, or its init had never been finished.
  if (!context.check) await startCluster(context, vars);
}

type Start = 'init' | 'reset-and-init' | 'resume';

async function start(context: Context, vars: KubeadmInitVars, act: Start): Promise<void> {
  const { name, address } = context.host;
  const api = apiOf(context.host, vars);
  const controlPlanes = controlPlanesOf(context.inventory, vars.controlPlaneGroup);
  // Of init’s own making is only this token: short-lived, and nobody is told. Each join gets one for itself.
  const token = secret(`${randomBytes(3).toString('hex')}.${randomBytes(8).toString('hex')}`);
  const text = initConfig({ settings: vars, machine: { name, address }, controlPlanes, token: reveal(token) });
  if (isBalanced(context.host, vars)) await context.ensure(endpointOpen(vars));
  if (act === 'reset-and-init') await context.ensure(resetHost({ name, api }, vars));
  await context.ensure(kubeadmInit({ name, address }, vars, secret({ text }), act === 'resume'));
  await context.ensure(apiReady(name, api), endpointReady(vars));
}
