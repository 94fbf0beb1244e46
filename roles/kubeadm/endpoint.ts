import { gate, type Probe, type Resource, type Script, sh } from '../../lib/index.ts';
import { adminConf } from './paths.ts';
import { type ClusterSettings, endpointOf } from './settings.ts';

/** `silent`: no connection; `open`: the load balancer takes connections, nothing is behind it; `api`: an API answers. */
export type EndpointState = 'silent' | 'open' | 'api';

// kubectl is the one program that is certainly there and can tell these apart; --token keeps it from asking for a name.
// What it says of a connection that was never made is told from what it says of one that was made and then closed.
function knock(endpoint: string): Script {
  return sh`said=$(timeout 25 kubectl --kubeconfig /dev/null --server https://${endpoint} --insecure-skip-tls-verify \
  --token none --request-timeout=10s get --raw /readyz 2>&1 </dev/null) && said=ok
case $said in
  ok | *nauthorized* | *'logged in'* | *orbidden* | *'Error from server'*) state=api ;;
  *'was refused'* | *'dial tcp'* | *'no route'* | *'no such host'* | *xceeded* | *imeout* | '') state=silent ;;
  *) state=open ;;
esac`;
}

export function endpointState(settings: ClusterSettings): Probe<EndpointState> {
  return {
    script: sh`${knock(endpointOf(settings))}
echo "$state"`,
    parse(out) {
      const state = out.toString('utf8').trim();
      return state === 'api' || state === 'open' ? state : 'silent';
    },
  };
}

/** Waits until the load balancer in front of the API takes connections from this host. */
export function endpointOpen(settings: ClusterSettings): Resource<unknown> {
  const endpoint = endpointOf(settings);
  return gate(`${endpoint} takes connections`, {
    until: sh`${knock(endpoint)}
[ "$state" != silent ] || { echo "$said"; exit 1; }`,
    seconds: 60,
    mend: `${endpoint} must be answered by the load balancer before the cluster exists: look at keepalived and haproxy on the control planes (is the VIP on exactly one of them?), and at what is between them and this host`,
  });
}

/** Waits until the API answers through the load balancer, as this host’s own admin.conf names it. */
export function endpointReady(settings: ClusterSettings): Resource<unknown> {
  return gate(`the API is ready at ${endpointOf(settings)}`, {
    until: sh`timeout 15 kubectl --kubeconfig ${adminConf} --request-timeout=10s get --raw /readyz >/dev/null`,
    seconds: 120,
    mend: 'the API server answers by itself, but not through the load balancer: look at the health of haproxy’s backends',
  });
}
