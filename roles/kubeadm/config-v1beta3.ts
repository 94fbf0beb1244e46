import { type ConfigApi, componentDocuments } from './config-input.ts';
import { clusterFields, initFields } from './config-parts.ts';
import { v1beta2 } from './config-v1beta2.ts';

const apiVersion = 'kubeadm.k8s.io/v1beta3';
const asMap = (flags: Readonly<Record<string, string>>): unknown => flags;

/** Kubernetes 1.22 to 1.30: `dns.type` is gone; the rest is v1beta2's. @see kubeadm-config.v1beta3 */
export const v1beta3: ConfigApi = {
  init(input) {
    const { apiServer, ...cluster } = clusterFields(input, asMap);
    return [
      { apiVersion, ...initFields(input, asMap) },
      { apiVersion, ...cluster, apiServer: { ...apiServer, timeoutForControlPlane: `${input.settings.timeout}s` } },
      ...componentDocuments(input.settings),
    ];
  },
  join: (input) => ({ ...v1beta2.join(input), apiVersion }),
};
