import { setTimeout as sleep } from 'node:timers/promises';
import { asKonvergeError, type Context, type HostView, type Reach, refused, type Script } from '../../lib/index.ts';
import {
  apiOf,
  clientEtcdctl,
  controlPlanesOf,
  healthyControlPlane,
  ifReachable,
  initCandidate,
  podEtcdctl,
  reachOf,
  viaOf,
} from '../kubeadm/index.ts';
import { expiries, firstToExpire } from './certificates.ts';
import { clusterState, nodeFindings, podFindings, restartFindings, secondsUntilStable } from './cluster-state.ts';
import { etcdFindings, etcdView, leaderOf } from './etcd-view.ts';
import { holds, hostFindings, hostState, vipFindings } from './host-checks.ts';
import type { VerifyVars } from './vars.ts';

const pause = 5;

/**
 * Looks until nothing is wrong, or the time is over. Each host answers for itself; the first healthy control plane for
 * the cluster. @throws Refused with all that is wrong at once; under `--check` it is told in notes
 */
export async function verifyCluster(context: Context, vars: VerifyVars): Promise<void> {
  const end = Date.now() + vars.seconds * 1000;
  let findings = await look(context, vars);
  while (findings.length > 0 && Date.now() < end && !context.check) {
    await sleep(pause * 1000);
    // Nothing to ensure: this is where an interrupted run stops.
    await context.ensure();
    findings = await look(context, vars);
  }
  if (findings.length === 0) return tellWell(context, vars);
  if (!context.check) {
    throw refused(findings.join('\n'), {
      mend: `the cluster was given ${vars.seconds} s; each line names where to look`,
    });
  }
  for (const finding of findings) context.note(finding);
}

async function look(context: Context, vars: VerifyVars): Promise<readonly string[]> {
  const speaker = await healthyControlPlane(context, vars);
  // Under --check there may be no cluster yet, and then nothing to say of any host.
  if (speaker === undefined && context.check) return isFirst(context, vars) ? [noApi] : [];
  const own = hostFindings(context.host.name, await context.read(hostState(vars)), vars);
  if (speaker === undefined) return isFirst(context, vars) ? [...own, noApi] : own;
  if (speaker.host.name !== context.host.name) return own;
  return [...own, ...(await lookAtCluster(context, vars).catch(asFinding)), ...(await lookForVip(context, vars))];
}

const noApi = 'no control plane with a ready API server can be reached';

const isFirst = (context: Context, vars: VerifyVars): boolean => initCandidate(context, vars) === context.host.name;

/** What could not be asked just now may be answered at the next look. */
function asFinding(error: unknown): readonly string[] {
  const { code, message } = asKonvergeError(error);
  if (code !== 'ProbeFailed') throw error;
  return [message];
}

async function lookAtCluster(context: Context, vars: VerifyVars): Promise<readonly string[]> {
  const api = apiOf(context.host, vars);
  const before = await context.read(clusterState(api));
  const findings = [
    ...nodeFindings(before.nodes, nodesOf(context.inventory, vars), vars.version),
    ...podFindings(before.pods),
    ...etcdFindings(await context.read(etcdView(etcdctlOn(context, vars))), membersOf(context.inventory, vars)),
  ];
  if (findings.length > 0 || context.check) return findings;
  const seconds = secondsUntilStable(before, vars.stableSeconds);
  if (seconds === 0) return [];
  await sleep(seconds * 1000);
  const after = await context.read(clusterState(api));
  return [...podFindings(after.pods), ...restartFindings(before.pods, after.pods)];
}

/** The hosts that are Nodes: an external etcd may run on others. */
const nodesOf = (inventory: readonly HostView[], vars: VerifyVars): readonly HostView[] =>
  inventory.filter(({ groups }) => groups.includes(vars.controlPlaneGroup) || groups.includes(vars.workerGroup));

const membersOf = (inventory: readonly HostView[], vars: VerifyVars): readonly HostView[] =>
  inventory.filter(({ groups }) =>
    groups.includes(vars.externalEtcd === undefined ? vars.controlPlaneGroup : vars.etcdGroup),
  );

const etcdctlOn = (speaker: Reach, vars: VerifyVars): Script =>
  vars.externalEtcd === undefined ? podEtcdctl(viaOf(speaker, vars)) : clientEtcdctl(vars.externalEtcd);

async function lookForVip(context: Context, vars: VerifyVars): Promise<readonly string[]> {
  const { vip } = vars;
  if (vip === undefined) return [];
  const names = controlPlanesOf(context.inventory, vars.controlPlaneGroup).map(({ name }) => name);
  const answers = await Promise.all(
    names.map(async (name) => {
      const reach = await reachOf(context, name);
      return [name, reach && (await ifReachable(() => reach.read(holds(vip))))] as const;
    }),
  );
  return vipFindings(vip, new Map(answers));
}

async function tellWell(context: Context, vars: VerifyVars): Promise<void> {
  if (!context.host.groups.includes(vars.controlPlaneGroup)) return;
  await tellCertificates(context, vars);
  const speaker = await healthyControlPlane(context, vars);
  if (speaker?.host.name === context.host.name) await tellCluster(context, speaker, vars);
}

async function tellCertificates(context: Context, { certificateDays }: VerifyVars): Promise<void> {
  const first = firstToExpire(await context.read(expiries), new Date());
  if (first === undefined) return;
  const soon = first.days < certificateDays ? `: renew it (${renewal(first.path)})` : '';
  context.note(`the first certificate to expire is ${first.path}, in ${first.days} days${soon}`);
}

const renewal = (path: string): string =>
  path.startsWith('etcd-client/') ? 'site.ts --tags etcd-client' : 'kubeadm certs renew all';

async function tellCluster(context: Context, speaker: Reach, vars: VerifyVars): Promise<void> {
  const etcd = await speaker.read(etcdView(etcdctlOn(speaker, vars)));
  const hosts = nodesOf(context.inventory, vars).length;
  context.note(
    `${hosts} Nodes are Ready at ${vars.version}; etcd has ${etcd.members.length} healthy members, its leader is ${leaderOf(etcd)}`,
  );
}
