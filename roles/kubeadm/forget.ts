import { parse, stringify } from 'yaml';
import { command, type Resource, sh } from '../../lib/index.ts';
import type { Question } from './cluster-witness.ts';
import { defineKubectl } from './kubectl.ts';

type Via = Question['via'];

/**
 * The API has forgotten the host: its Node and every pod that ran there. Left alone they would be collected only after the
 * host is back, which would take them for its own; and kubeadm takes etcd's endpoints from the pods of static manifests.
 * The caller knows that none of them runs any more.
 */
export function nodeForgotten(name: string, via: Via): Resource<unknown> {
  const pods = sh`--all-namespaces --field-selector spec.nodeName=${name}`;
  return command(`Node ${name} and its pods deleted`, {
    unless: sh`${defineKubectl(via)}
node=$(k get node ${name} --ignore-not-found -o name) && [ -z "$node" ] || exit 1
pods=$(k get pods ${pods} -o name) && [ -z "$pods" ]`,
    run: sh`${defineKubectl(via)}
k delete node ${name} --ignore-not-found || exit 1
k delete pods ${pods} --force --grace-period=0`,
  });
}

/**
 * kubeadm before 1.22 takes etcd's endpoints from `ClusterStatus` in ConfigMap kubeadm-config: without this a join would
 * try to reach the machine that is gone. undefined = the host is not in it.
 */
export function statusForgotten(name: string, clusterStatus: string, via: Via): Resource<unknown> | undefined {
  const wished = withoutEndpoint(clusterStatus, name);
  if (wished === undefined) return undefined;
  const patch = JSON.stringify({ data: { ClusterStatus: wished } });
  return command(`${name} removed from the ClusterStatus of kubeadm-config`, {
    unless: sh`${defineKubectl(via)}
status=$(k -n kube-system get configmap kubeadm-config -o 'jsonpath={.data.ClusterStatus}') || exit 1
[ "$status" = ${wished.trimEnd()} ]`,
    run: sh`${defineKubectl(via)}
k -n kube-system patch configmap kubeadm-config --type merge -p ${patch}`,
  });
}

/** The YAML of a ClusterStatus without this host; undefined when it does not name the host. */
export function withoutEndpoint(clusterStatus: string, name: string): string | undefined {
  if (clusterStatus.trim() === '') return undefined;
  const status: unknown = parse(clusterStatus);
  if (!isRecord(status) || !isRecord(status['apiEndpoints']) || !(name in status['apiEndpoints'])) return undefined;
  const { [name]: _, ...apiEndpoints } = status['apiEndpoints'];
  return stringify({ ...status, apiEndpoints }, { version: '1.1', lineWidth: 0 });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
