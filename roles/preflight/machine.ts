import type { z } from 'zod';
import type { Facts } from '../../lib/index.ts';
import type { Complaint } from './complaint.ts';
import type { preflightVars } from './vars.ts';
import type { Witness } from './witness.ts';

export type PreflightVars = z.output<typeof preflightVars>;

/** Whether the machine itself will do: size, system, clock. */
export function machineComplaints(facts: Facts, seen: Witness, vars: PreflightVars): readonly Complaint[] {
  return [...sizeComplaints(facts, seen, vars), ...systemComplaints(facts, seen), ...clockComplaints(facts, vars)];
}

function sizeComplaints(facts: Facts, seen: Witness, vars: PreflightVars): readonly Complaint[] {
  const { cpus, memory, disk } = vars.controlPlane ? vars.minimum : vars.workerMinimum;
  const mend = `give the machine more, or lower preflight's ${vars.controlPlane ? 'minimum' : 'workerMinimum'}`;
  const complaints: Complaint[] = [];
  if (facts.cpus < cpus) complaints.push({ what: `${facts.cpus} CPUs, ${cpus} are needed`, mend });
  if (facts.memory < memory) complaints.push({ what: `${facts.memory} MiB of memory, ${memory} are needed`, mend });
  // A node has used it already, for just that: what is left is the kubelet's affair.
  for (const { path, mib } of seen.joined ? [] : seen.free) {
    if (mib < disk) complaints.push({ what: `${mib} MiB are free for ${path}, ${disk} are needed`, mend });
  }
  return complaints;
}

/** The oldest release that has what is asked of it: `systemctl --timestamp` (systemd 247), haproxy 2.2 and chrony 4. */
const oldest: Readonly<Record<string, number>> = { rhel: 9, debian: 11, ubuntu: 22 };

function systemComplaints({ os, systemd }: Facts, { missing }: Witness): readonly Complaint[] {
  const least = oldest[os.id] ?? oldest[os.family] ?? 0;
  const complaints: Complaint[] = [];
  if (os.major < least) {
    complaints.push({ what: `${os.id} ${os.version} is too old`, mend: `take ${os.id} ${least} or newer` });
  }
  if (systemd === undefined) {
    complaints.push({ what: 'systemd does not run here', mend: 'boot with systemd: services are its units' });
  }
  if (missing.length > 0) {
    complaints.push({ what: `${missing.join(', ')} missing`, mend: 'install iproute2 (Debian) or iproute (RHEL)' });
  }
  return complaints;
}

function clockComplaints({ clockSkew }: Facts, vars: PreflightVars): readonly Complaint[] {
  const seconds = clockSkew / 1000;
  if (Math.abs(seconds) <= vars.clockSkew) return [];
  const how = `${Math.abs(seconds).toFixed(1)} s ${seconds > 0 ? 'ahead of' : 'behind'}`;
  return [
    {
      what: `the clock is ${how} the controller's`,
      mend: 'set it once (date -u -s …, or the role chrony alone: --tags chrony), or correct the controller’s own clock',
    },
  ];
}
