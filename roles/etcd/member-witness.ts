import { z } from 'zod';
import { type Probe, type Resource, refused, type Script, sh } from '../../lib/index.ts';
import {
  clientEtcdctl,
  type EtcdMember,
  etcdctlPath,
  etcdManifest,
  parseBigJson,
  parseMembers,
} from '../kubeadm/index.ts';
import { clientUrl } from './flags.ts';
import { authorityFiles, memberFiles, receipt } from './paths.ts';

/** What one etcd host says of itself, and of the cluster when it is a healthy member. */
export interface MemberWitness {
  /** its data folder holds a member's log: etcd begins no more, it goes on */
  readonly data: boolean;
  /** that data, or what may come to be there, is of this role's making */
  readonly ours: boolean;
  readonly running: boolean;
  /** it votes, and has a quorum behind it */
  readonly healthy: boolean;
  /** the cluster's id in hex, when healthy */
  readonly cluster: string | undefined;
  /** as it lists them, when healthy */
  readonly members: readonly EtcdMember[];
}

const header = z.object({ header: z.object({ cluster_id: z.string() }) });

/** Defines the shell function `e` on an etcd host: etcdctl, asking the member of that host alone. */
export const ownEtcdctl = (address: string): Script =>
  clientEtcdctl({ endpoints: [clientUrl(address)], caFile: authorityFiles.certFile, ...memberFiles });

/** One script that only reads. A host on which nothing is installed yet says nothing. */
export function memberWitness({ address }: { readonly address: string }, dataDir: string): Probe<MemberWitness> {
  return {
    // As etcd's own wal.Exist has it: without a log it takes the folder for empty.
    script: sh`ls ${dataDir}/member/wal/*.wal >/dev/null 2>&1 && echo data
[ ! -e ${receipt} ] || echo ours
[ "$(systemctl is-active etcd.service 2>/dev/null)" = active ] || exit 0
echo running
[ -x ${etcdctlPath} ] && [ -s ${memberFiles.certFile} ] || exit 0
${ownEtcdctl(address)}
e endpoint health >/dev/null 2>&1 || exit 0
members=$(e member list -w json) || exit 0
printf '@@\n%s\n@@\n%s\n' "$members" "$(e endpoint health --cluster -w json 2>/dev/null)"`,
    parse(out) {
      const [words = '', members, health = ''] = out.toString('utf8').split('@@\n');
      const said = new Set(words.split('\n'));
      return {
        data: said.has('data'),
        ours: said.has('ours'),
        running: said.has('running'),
        healthy: members !== undefined,
        cluster: members === undefined ? undefined : clusterIn(members),
        members: members === undefined ? [] : parseMembers(members, health),
      };
    },
  };
}

const clusterIn = (members: string): string =>
  BigInt(header.parse(parseBigJson(members)).header.cluster_id).toString(16);

/** No other etcd is here: neither kubeadm's own member nor data that this role has not made. Never applied, only refused. */
export function noOtherEtcd(dataDir: string): Resource<{ readonly found: string }> {
  return {
    kind: 'etcd-data',
    id: dataDir,
    probe: {
      script: sh`if [ -e ${etcdManifest} ]; then echo pod
elif [ ! -e ${receipt} ] && ls ${dataDir}/member/wal/*.wal >/dev/null 2>&1; then echo data
fi`,
      parse: (out) => ({ found: out.toString('utf8').trim() }),
    },
    diff({ found }) {
      if (found === 'pod') {
        throw refused('kubeadm runs a member of etcd here, beside the API server', {
          mend: 'a cluster that stands keeps its topology: cluster.etcd: stacked. If it is given up: `kubeadm reset` on the host',
        });
      }
      if (found === 'data') {
        throw refused(`${dataDir} holds etcd data that is not of this role’s making`, {
          mend: `save or move away ${dataDir}/member, then run again. If you have restored it there for this very member: touch ${receipt}`,
        });
      }
      return [];
    },
    apply: () => Promise.resolve(),
  };
}
