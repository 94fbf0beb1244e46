import type { Facts } from '../../lib/index.ts';
import type { Complaint } from './complaint.ts';
import { addressesOf } from './network.ts';
import { clusterDevice } from './witness.ts';

/** Another host of the inventory, as far as it could be asked. */
export interface Other {
  readonly name: string;
  readonly facts: Facts;
}

/** What must be unique in a cluster; machines that were copied share it: Kubernetes' own install page asks the same. */
export function identityComplaints(facts: Facts, others: readonly Other[]): readonly Complaint[] {
  return others.flatMap((other) => {
    const complaints: Complaint[] = [];
    if (facts.machineId === other.facts.machineId) {
      complaints.push({
        what: `its machine-id is that of ${other.name}`,
        mend: 'rm /etc/machine-id; systemd-machine-id-setup; then reboot (on one of the two)',
      });
    }
    const macs = macsOf(facts).filter((mac) => macsOf(other.facts).includes(mac));
    if (macs.length > 0) {
      complaints.push({
        what: `its MAC address ${macs.join(', ')} is that of ${other.name}`,
        mend: 'give one of the two machines a new network card (in the hypervisor)',
      });
    }
    if (sameProduct(facts, other.facts)) {
      complaints.push({
        what: `its product_uuid is that of ${other.name}`,
        mend: 'give one of the two machines a UUID of its own (in the hypervisor)',
      });
    }
    return complaints;
  });
}

const virtual = /^(lo|docker|br-|virbr|podman|dummy)/;

const macsOf = ({ interfaces }: Facts): readonly string[] =>
  interfaces.flatMap(({ name, mac }) =>
    mac === undefined || clusterDevice.test(name) || virtual.test(name) ? [] : [mac],
  );

// Containers show the product_uuid of the machine that they share.
const sameProduct = (a: Facts, b: Facts): boolean =>
  a.container === undefined &&
  b.container === undefined &&
  a.productUuid !== undefined &&
  a.productUuid === b.productUuid;

/** Names of hosts that are called the same now; the role hostname gives each its own. */
export const namesakes = (facts: Facts, others: readonly Other[]): readonly string[] =>
  others.filter((other) => other.facts.hostname === facts.hostname).map(({ name }) => name);

/** The VIP answers, and none of ours has it. */
export function vipComplaints(
  vip: string | undefined,
  answers: boolean | undefined,
  hosts: readonly Facts[],
): readonly Complaint[] {
  if (vip === undefined || answers !== true) return [];
  if (hosts.some((facts) => addressesOf(facts).includes(vip))) return [];
  return [
    {
      what: `the virtual address ${vip} answers, and no host of the inventory has it`,
      mend: 'choose an address that is free, or turn off what has it',
    },
  ];
}
