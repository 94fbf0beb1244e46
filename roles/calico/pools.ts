import { type Probe, sh } from '../../lib/index.ts';
import { type ApiServer, defineKubectl } from '../kubeadm/index.ts';

/** CIDRs of Calico’s IP pools; calico-node makes the first one when it starts and finds none. */
export function poolsOf(api: ApiServer): Probe<readonly string[]> {
  return {
    script: sh`${defineKubectl(api)}
k get ippools.crd.projectcalico.org -o 'jsonpath={.items[*].spec.cidr}' 2>/dev/null || :`,
    parse: (out) => out.toString('utf8').trim().split(/\s+/).filter(Boolean),
  };
}
