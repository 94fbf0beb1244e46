import { contains, type HostView, parseAddress, parseCidr } from '../../lib/index.ts';
import type { Complaint } from './complaint.ts';
import type { PreflightVars } from './machine.ts';
import type { Witness } from './witness.ts';

const named = 3;

/**
 * kubectl and kubeadm send what is meant for the API through a proxy that root's environment names, and kubeadm writes it into
 * the API server's own pod: then nothing of the cluster answers. kubeadm only warns (HTTPProxy, HTTPProxyCIDR).
 */
export function proxyComplaints(
  inventory: readonly HostView[],
  { noProxy }: Witness,
  { vip, podSubnet, serviceSubnet }: PreflightVars,
): readonly Complaint[] {
  if (noProxy === undefined) return [];
  const addresses = [...(vip === undefined ? [] : [vip]), ...inventory.map(({ address }) => address)];
  const through = addresses.filter((address) => !bypasses(noProxy, address));
  if (through.length === 0) return [];
  const more = through.length > named ? ` and ${through.length - named} more` : '';
  return [
    {
      what: `https_proxy is set for root, and no_proxy does not hold ${through.slice(0, named).join(', ')}${more}`,
      mend: `in /etc/environment, or wherever it is set, add the network of the hosts, ${podSubnet},${serviceSubnet},.svc,.cluster.local and the API's name to no_proxy`,
    },
  ];
}

/** As Go reads it, golang.org/x/net/http/httpproxy: `*`, addresses, CIDRs; a name never stands for an address. */
function bypasses(noProxy: string, address: string): boolean {
  const number = parseAddress(address);
  return noProxy.split(/[\s,]+/).some((entry) => {
    if (entry === '*' || entry.replace(/:\d+$/, '') === address) return true;
    const network = entry.includes('/') ? parseCidr(entry) : undefined;
    return network !== undefined && number !== undefined && contains(network, number);
  });
}
