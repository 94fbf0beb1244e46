import { type Context, defineRole, type HostView, refused } from '../../lib/index.ts';
import type { Complaint } from './complaint.ts';
import { identityComplaints, namesakes, type Other } from './identity.ts';
import { machineComplaints } from './machine.ts';
import { networkComplaints } from './network.ts';
import { nodeComplaints } from './node.ts';
import { portComplaints } from './ports.ts';
import { proxyComplaints } from './proxy.ts';
import { preflightVars } from './vars.ts';
import { vipComplaints } from './virtual-address.ts';
import { witness } from './witness.ts';

/** Changes nothing. Refuses a host that would harm a cluster or fail in it, with everything that is wrong at once. */
export const preflight = defineRole({
  name: 'preflight',
  vars: preflightVars,
  async run(context, vars) {
    const { host, facts, note } = context;
    const asked = vars.controlPlane ? vars.vip : undefined;
    const seen = await context.read(witness(asked, vars.node ? 'node' : 'etcd'));
    const { others, unasked } = await askOthers(context);
    const everybody = unasked.length === 0;
    const hosts = [facts, ...others.map((each) => each.facts)];

    if (seen.swaps.length > 0) note(`swap is active (${seen.swaps.join(', ')}); the role swap turns it off`);
    const alike = namesakes(facts, others);
    if (alike.length > 0) note(`is called ${facts.hostname}, as is ${alike.join(', ')}; the role hostname renames it`);
    if (!everybody) note(`not compared with ${unasked.join(', ')}: not reachable`);

    refuse([
      ...machineComplaints(facts, seen, vars),
      ...nodeComplaints(host, seen),
      ...networkComplaints(host, facts, seen, vars),
      ...proxyComplaints(context.inventory, seen, vars),
      ...portComplaints(seen.listeners, vars),
      ...identityComplaints(host, facts, others),
      // One that could not be asked may be the one that has it.
      ...(everybody ? await vipComplaints(context, asked, { answers: seen.vipAnswers, hosts }) : []),
    ]);
  },
});

async function askOthers({ host, inventory, on }: Context): Promise<{ others: Other[]; unasked: string[] }> {
  const others: Other[] = [];
  const unasked: string[] = [];
  const ask = async ({ name, address }: HostView): Promise<void> => {
    try {
      others.push({ name, address, facts: (await on(name)).facts });
    } catch {
      // It fails for itself, with its own reason.
      unasked.push(name);
    }
  };
  await Promise.all(inventory.filter(({ name }) => name !== host.name).map(ask));
  return { others, unasked };
}

function refuse(complaints: readonly Complaint[]): void {
  const [first] = complaints;
  if (first === undefined) return;
  if (complaints.length === 1) throw refused(first.what, { mend: first.mend });
  throw refused(`${complaints.length} things are wrong with this host`, {
    said: complaints.map(({ what, mend }) => `${what}\n  → ${mend}`).join('\n'),
    mend: 'mend them all, then run again',
  });
}

export { preflightVars } from './vars.ts';
