import { type ConfigApi, componentDocuments } from './config-input.ts';
import { clusterFields, initFields, localAPIEndpoint, nodeRegistration } from './config-parts.ts';
import { endpointOf } from './settings.ts';

const apiVersion = 'kubeadm.k8s.io/v1beta4';
const asList = (flags: Readonly<Record<string, string>>): unknown =>
  Object.entries(flags).map(([name, value]) => ({ name, value }));

/** Kubernetes 1.31 and later: flags are lists, every time limit is in `timeouts`. @see kubeadm-config.v1beta4 */
export const v1beta4: ConfigApi = {
  init: (input) => [
    {
      apiVersion,
      ...initFields(input, asList),
      timeouts: { controlPlaneComponentHealthCheck: `${input.settings.timeout}s` },
    },
    { apiVersion, ...clusterFields(input, asList) },
    ...componentDocuments(input.settings),
  ],
  join({ settings, machine, token, caCertHash, certificateKey }) {
    return {
      apiVersion,
      kind: 'JoinConfiguration',
      nodeRegistration: nodeRegistration(settings, machine, asList),
      discovery: {
        bootstrapToken: { token, apiServerEndpoint: endpointOf(settings), caCertHashes: [caCertHash] },
      },
      timeouts: { controlPlaneComponentHealthCheck: `${settings.timeout}s`, discovery: `${settings.timeout}s` },
      ...(certificateKey === undefined
        ? {}
        : { controlPlane: { localAPIEndpoint: localAPIEndpoint(settings, machine), certificateKey } }),
    };
  },
};
