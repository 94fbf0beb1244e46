import { type Context, refused } from '../../lib/index.ts';
import { controlPlanesOf, healthyControlPlane, initCandidate, viaOf } from '../kubeadm/index.ts';
import { etcdFindings, etcdView, leaderOf } from './etcd-view.ts';
import type { EtcdVars } from './vars.ts';

/** @throws Refused with every finding at once; under `--check` they are notes, as etcd may come to be in this very run */
export async function checkEtcd(context: Context, vars: EtcdVars): Promise<void> {
  const asking = await healthyControlPlane(context, vars);
  const controlPlanes = controlPlanesOf(context.inventory, vars.controlPlaneGroup);
  if (asking === undefined) {
    // Said once is enough.
    if (initCandidate(context, vars) !== context.host.name) return;
    return tell(context, ['no control plane with a ready API server can be reached']);
  }
  if (asking.host.name !== context.host.name) return;
  const view = await context.read(etcdView(viaOf(asking, vars)));
  const findings = etcdFindings(view, controlPlanes);
  if (findings.length > 0) return tell(context, findings);
  context.note(`etcd: ${view.members.length} healthy members, the leader is ${leaderOf(view)}`);
}

function tell(context: Context, findings: readonly string[]): void {
  if (!context.check) throw refused(findings.join('\n'));
  for (const finding of findings) context.note(finding);
}
