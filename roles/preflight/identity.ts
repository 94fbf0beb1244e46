import type { Facts, HostView } from '../../lib/index.ts';
import type { Complaint } from './complaint.ts';

/** Another host of the inventory, as far as it could be asked. */
export interface Other {
  readonly name: string;
  readonly address: string;
  readonly facts: Facts;
}

/** What must be unique in a cluster; machines that were copied share it: Kubernetes' own install page asks the same. */
export function identityComplaints(host: HostView, facts: Facts, others: readonly Other[]): readonly Complaint[] {
  const mac = macOf(host.address, facts);
  return others.flatMap((other) => {
    const complaints: Complaint[] = [];
    if (facts.machineId === other.facts.machineId) {
      complaints.push({
        what: `its machine-id is that of ${other.name}`,
        mend: 'rm /etc/machine-id; systemd-machine-id-setup; then reboot (on one of the two)',
      });
    }
    if (mac !== undefined && hasAt(other, mac)) {
      complaints.push({
        what: `its MAC address ${mac} is that of ${other.name}`,
        mend: 'give one of the two machines a new network card (in the hypervisor)',
      });
    }
    if (sameProduct(facts, other.facts)) {
      complaints.push({
        what: `its product_uuid is that of ${other.name}`,
        mend: 'give one of the two machines a UUID of its own (in the hypervisor, or with the tool of its maker)',
      });
    }
    return complaints;
  });
}

// That of the card in the cluster's network alone: the one of the management board's USB network (AMI: be:3a:f2:b6:05:9f),
// of bridges and of pods is the same on many machines, and does no harm.
const macOf = (address: string, { interfaces }: Facts): string | undefined =>
  interfaces.find((each) => carries(each, address))?.mac;

// Of 500 hosts each is compared with each, and each has an interface a pod: the cheap question first.
const hasAt = ({ address, facts }: Other, mac: string): boolean =>
  facts.interfaces.some((each) => each.mac === mac && carries(each, address));

const carries = ({ addresses }: Facts['interfaces'][number], address: string): boolean =>
  addresses.some((each) => each.startsWith(`${address}/`));

// Containers show the product_uuid of the machine that they share.
const sameProduct = (a: Facts, b: Facts): boolean =>
  a.container === undefined &&
  b.container === undefined &&
  a.productUuid !== undefined &&
  a.productUuid === b.productUuid &&
  !isBlank(a.productUuid);

/** What a board says whose maker has not given it any: all digits the same, or AMI's example. */
const isBlank = (uuid: string): boolean =>
  /^(.)\1*$/.test(uuid.replaceAll('-', '')) || uuid === '03000200-0400-0500-0006-000700080009';

/** Names of hosts that are called the same now; the role hostname gives each its own. */
export const namesakes = (facts: Facts, others: readonly Other[]): readonly string[] =>
  others.filter((other) => other.facts.hostname === facts.hostname).map(({ name }) => name);
