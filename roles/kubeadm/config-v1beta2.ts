import { type ConfigApi, componentDocuments } from './config-input.ts';
import { clusterFields, initFields, localAPIEndpoint, nodeRegistration } from './config-parts.ts';
import { endpointOf } from './settings.ts';

const apiVersion = 'kubeadm.k8s.io/v1beta2';
const asMap = (flags: Readonly<Record<string, string>>): unknown => flags;

/** Kubernetes 1.15 to 1.21: `dns.type` still has to be said, flags are maps. @see kubeadm-config.v1beta2 */
export const v1beta2: ConfigApi = {
  init(input) {
    const { apiServer, dns, ...cluster } = clusterFields(input, asMap);
    return [
      { apiVersion, ...initFields(input, asMap) },
      {
        apiVersion,
        ...cluster,
        apiServer: { ...apiServer, timeoutForControlPlane: `${input.settings.timeout}s` },
        dns: { type: 'CoreDNS', ...dns },
      },
      ...componentDocuments(input.settings),
    ];
  },
  join({ settings, machine, token, caCertHash, certificateKey }) {
    const bootstrapToken = { token, apiServerEndpoint: endpointOf(settings), caCertHashes: [caCertHash] };
    return {
      apiVersion,
      kind: 'JoinConfiguration',
      nodeRegistration: nodeRegistration(settings, machine, asMap),
      discovery: { bootstrapToken, timeout: `${settings.timeout}s` },
      ...(certificateKey === undefined
        ? {}
        : { controlPlane: { localAPIEndpoint: localAPIEndpoint(settings, machine), certificateKey } }),
    };
  },
};
