import { X509Certificate } from 'node:crypto';
import type { HostView } from '../../lib/index.ts';
import type { Complaint } from './complaint.ts';
import type { Witness } from './witness.ts';

/** A node of a cluster under another name: the role hostname would rename it, and its kubelet, `system:node:OLD`, be locked out. */
export function nodeComplaints({ name }: HostView, { certificate }: Witness): readonly Complaint[] {
  const node = certificate?.includes('-----END') === true ? nodeOf(certificate) : undefined;
  if (node === undefined || node === name) return [];
  return [
    {
      what: `it is the Node ${node} of a cluster, and the inventory calls it ${name}`,
      mend: `call it ${node} in the inventory, or take it out of that cluster first (kubectl drain, kubectl delete node, kubeadm reset)`,
    },
  ];
}

/** `O=system:nodes`, `CN=system:node:NAME`: kubernetes.io, Using Node Authorization. */
const nodeOf = (pem: string): string | undefined =>
  /^CN=system:node:(.+)$/m.exec(new X509Certificate(pem).subject)?.[1];
