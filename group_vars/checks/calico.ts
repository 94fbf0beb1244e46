import type { Problem } from 'konverge';
import { isOnlyEtcd } from '../etcd.ts';
import { minorOf } from '../kubernetes.ts';
import type { ClusterCheck } from './cluster-host.ts';

// https://docs.tigera.io/calico/3.28/getting-started/kubernetes/requirements and its siblings: tested minor versions.
const tested: Readonly<Record<string, readonly [number, number]>> = {
  '3.26': [24, 28],
  '3.27': [27, 29],
  '3.28': [27, 30],
};

const plainLimit = 50;

/** Typha has a host for each replica; and notes where Calico's makers would advise something else. */
export const calico: ClusterCheck = (all) => {
  const hosts = all.filter((host) => !isOnlyEtcd(host));
  const vars = hosts[0]?.vars;
  if (vars === undefined || !vars.calico.enabled) return [];
  const { variant, typhaReplicas } = vars.calico;
  const problems: Problem[] = [];
  if (variant === 'typha' && typhaReplicas > hosts.length) {
    problems.push({
      path: ['calico', 'typhaReplicas'],
      message: `${typhaReplicas} replicas need a host each, as they listen on port 5473 of it, and there are ${hosts.length}`,
      mend: `take ${hosts.length} at most, or calico.variant: plain`,
    });
  }
  if (variant === 'plain' && hosts.length > plainLimit) {
    const message = `${hosts.length} hosts are many for Calico without Typha`;
    problems.push({ path: ['calico', 'variant'], message, mend: 'consider typha', severity: 'note' });
  }
  const [low, high] = tested[minorOf(vars.versions.calico)] ?? [0, Infinity];
  const minor = Number(vars.versions.kubernetes.split('.')[1]);
  if (minor < low || minor > high) {
    const message = `Calico ${vars.versions.calico} is tested with Kubernetes 1.${low} to 1.${high}, this is 1.${minor}`;
    problems.push({ path: ['versions', 'calico'], message, severity: 'note' });
  }
  return problems;
};
