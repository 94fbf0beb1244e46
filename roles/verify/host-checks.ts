import { type Probe, sh } from '../../lib/index.ts';
import { adminConf, endpointOf, kubeletConf } from '../kubeadm/index.ts';
import type { VerifyVars } from './vars.ts';

/** What is asked of every host. */
export interface HostState {
  readonly kubelet: string;
  /** '' = the API is ready through the endpoint, else what kubectl said */
  readonly endpoint: string;
}

export function hostState({ endpoint, endpointPort }: VerifyVars): Probe<HostState> {
  const server = `https://${endpointOf({ endpoint, endpointPort })}`;
  return {
    script: sh`echo "kubelet $(systemctl is-active kubelet 2>/dev/null)"
conf=${adminConf}; [ -f "$conf" ] || conf=${kubeletConf}
said=$(timeout 15 kubectl --kubeconfig "$conf" --server ${server} --request-timeout=10s get --raw /readyz 2>&1 </dev/null) && said=
echo "endpoint $(printf '%s' "$said" | tail -n 1)"`,
    parse(out) {
      const [kubelet = '', endpointSaid = ''] = out.toString('utf8').split('\n');
      return { kubelet: kubelet.slice('kubelet '.length), endpoint: endpointSaid.slice('endpoint '.length) };
    },
  };
}

export function hostFindings(name: string, state: HostState, vars: VerifyVars): readonly string[] {
  return [
    ...(state.kubelet === 'active' ? [] : [`${name}: the kubelet is ${state.kubelet || 'not there'}`]),
    ...(state.endpoint === '' ? [] : [`${name}: the API does not answer at ${endpointOf(vars)}: ${state.endpoint}`]),
  ];
}

/** Whether a host holds an address now. */
export function holds(address: string): Probe<boolean> {
  return {
    script: sh`ip -o addr show to ${`${address}/32`} | grep -q . && echo yes || echo no`,
    parse: (out) => out.toString('utf8').trim() === 'yes',
  };
}

/** What is wrong with the holders of the VIP; a control plane that could not be asked is `undefined`. */
export function vipFindings(vip: string, holders: ReadonlyMap<string, boolean | undefined>): readonly string[] {
  const having = [...holders].filter(([, has]) => has === true).map(([name]) => name);
  if (having.length === 1) return [];
  if (having.length > 1) return [`the VIP ${vip} is on ${having.join(' and ')} at once`];
  return [`no control plane holds the VIP ${vip}`];
}
