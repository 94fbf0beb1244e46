import { type Script, sh } from '../../lib/index.ts';
import { adminConf } from './paths.ts';

/** The API server of one control plane itself, not the load balancer: what is asked is what that host answers. */
export interface ApiServer {
  readonly address: string;
  readonly port: number;
}

/**
 * Defines the shell function `k`: kubectl as cluster admin against one API server, given up after 30 s.
 * The caller runs on a control plane.
 */
export function defineKubectl({ address, port }: ApiServer): Script {
  const server = `https://${address}:${port}`;
  return sh`k() { timeout 30 kubectl --kubeconfig ${adminConf} --server ${server} --request-timeout=20s "$@"; }`;
}

/** Exits 0 when this API server, asked directly, says that it is ready; says what it answered when not. */
export function readyz(server: ApiServer): Script {
  return sh`${defineKubectl(server)}
k get --raw /readyz >/dev/null`;
}
