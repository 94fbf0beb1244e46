import {
  type AnyResource,
  archive,
  type Context,
  command,
  directory,
  pkg,
  type Resource,
  sh,
  unit,
} from '../../lib/index.ts';
import { sourceFor } from '../artifact/index.ts';
import { noConflictingPackages } from '../conflicting-packages/index.ts';
import { memberFlags } from './flags.ts';
import { noOtherEtcd } from './member-witness.ts';
import { account, initialEnv, pkiFolder } from './paths.ts';
import type { EtcdVars } from './vars.ts';

export interface Installed {
  /** the programs and the unit: what runs is restarted when one of them is newer */
  readonly basis: readonly AnyResource[];
  readonly all: readonly AnyResource[];
}

/** Everything but certificates and the start. A host with somebody else's etcd is refused before it is touched. */
export function installed({ facts, host, template }: Context, vars: EtcdVars): Installed {
  const programs = archive('/usr/local/bin', {
    name: 'etcd',
    strip: 1,
    ...sourceFor(facts, 'etcd', vars.source),
    members: { etcd: 'etcd', etcdctl: 'etcdctl' },
  });
  const clientAddresses = [host.address, '127.0.0.1'];
  const daemon = unit('etcd.service', {
    content: template('etcd.service.ejs', {
      account,
      initialEnv,
      unsupportedArch: facts.arch === 'arm64' && vars.version.startsWith('3.4.') ? 'arm64' : '',
      flags: memberFlags({ ...vars, name: host.name, address: host.address, clientAddresses }),
    }),
  });
  return {
    basis: [programs, daemon],
    all: [
      noConflictingPackages(['etcd', 'etcd-server'], 'it brings an etcd with a unit and data of its own'),
      noOtherEtcd(vars.dataDir),
      pkg('openssl'),
      etcdAccount(vars.dataDir),
      programs,
      directory(pkiFolder),
      directory(vars.dataDir, { mode: 0o700, owner: account, group: account }),
      kubeletFreed,
      daemon,
    ],
  };
}

const etcdAccount = (home: string): Resource<unknown> =>
  command(`user ${account}`, {
    unless: sh`getent passwd ${account} && getent group ${account}`,
    run: sh`getent group ${account} >/dev/null || groupadd --system ${account} || exit 1
getent passwd ${account} >/dev/null ||
  useradd --system --gid ${account} --home-dir ${home} --no-create-home --shell /usr/sbin/nologin ${account}`,
  });

const leftOver = '/etc/systemd/system/kubelet.service.d/20-etcd-service-manager.conf';

/**
 * Nothing keeps the kubelet to itself. Kubernetes' guide to an etcd made by kubeadm writes a drop-in that does; where it is left
 * over, a control plane on that host ends in "node not found". (The article takes that for a rule: no etcd on control planes.)
 */
export const kubeletFreed: Resource<unknown> = command('the kubelet is not kept to itself', {
  changes: [{ path: leftOver, from: 'left over: with it the kubelet never registers its Node' }],
  unless: sh`[ ! -e ${leftOver} ]`,
  run: sh`rm -f ${leftOver} && systemctl daemon-reload && systemctl try-restart kubelet.service`,
});
