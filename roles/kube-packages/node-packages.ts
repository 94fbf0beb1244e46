import { type Change, lines, pkg, type Resource, refused, sh } from '../../lib/index.ts';
import type { KubePackagesVars } from './vars.ts';

const names = ['kubeadm', 'kubelet', 'kubectl'];
const packages = (version: string, allowDowngrade: boolean) => pkg(names, { version, hold: true, allowDowngrade });
const mark = '# in a cluster\n';

export interface NodePackagesState {
  readonly packages: Parameters<ReturnType<typeof packages>['diff']>[0];
  /** the kubelet has credentials of a cluster */
  readonly joined: boolean;
}

/**
 * kubeadm, kubelet and kubectl of exactly this version, held: otherwise the next upgrade of the host would upgrade the
 * cluster behind its back. For the same reason a node of a cluster keeps its version unless `upgrade` is set.
 */
export function nodePackages({ version, upgrade }: KubePackagesVars): Resource<NodePackagesState> {
  const inner = packages(version, upgrade);
  return {
    ...inner,
    probe: {
      script: lines(
        inner.probe.script,
        sh`printf '\n%s' ${mark}; if [ -e /etc/kubernetes/kubelet.conf ]; then echo yes; fi`,
      ),
      parse(out) {
        const end = out.lastIndexOf(mark);
        const joined = out.toString('utf8', end + mark.length).trim() === 'yes';
        return { packages: inner.probe.parse(out.subarray(0, end)), joined };
      },
    },
    diff(state, seen) {
      const changes = inner.diff(state.packages, seen);
      const moved = state.joined && !upgrade ? changes.find(isOtherVersion) : undefined;
      if (moved !== undefined) throw behindItsBack(moved, version);
      return changes;
    },
    apply: (host, changes, state) => inner.apply(host, changes, state.packages),
  };
}

/** What a killed installation left half done may be finished at any time. */
const isOtherVersion = ({ path, from }: Change): boolean =>
  names.includes(path) && from !== undefined && !from.includes(' ');

const behindItsBack = ({ path, from }: Change, version: string): Error =>
  refused(`this node of a cluster has ${path} ${from ?? ''}, the vars say ${version}`, {
    mend: `upgrade the cluster first (kubeadm upgrade, one node at a time), or set the version back to what runs; upgrade: true lets this role replace the packages`,
  });
