import { type AnyResource, type Context, file, refused, service } from '../../lib/index.ts';
import { type EtcdMember, memberOf, memberRemoved, peerUrlOf, removal } from '../kubeadm/index.ts';
import { canSettle, decideMember, type MemberDecision, type MemberStep } from './decide-member.ts';
import { initialEnvironment } from './flags.ts';
import { type MemberWitness, ownEtcdctl } from './member-witness.ts';
import { announced, memberReady, votes } from './membership.ts';
import { initialEnv, receipt } from './paths.ts';
import type { Peer } from './peers.ts';
import type { EtcdVars } from './vars.ts';

export interface MemberTurn {
  readonly own: MemberWitness;
  readonly peers: readonly Peer<MemberWitness>[];
  /** etcd is restarted when one of these is newer than what runs */
  readonly basis: readonly AnyResource[];
  /** under `--check`: the host that will have begun the cluster by the time it is this one's turn */
  readonly founder: string | undefined;
}

/** The host's member runs, votes, and has a quorum behind it. @throws Refused with what to do, where going on would do harm */
export async function runMember(context: Context, vars: EtcdVars, turn: MemberTurn): Promise<void> {
  const { host, ensure, note } = context;
  const others = turn.peers.map(({ name, state }) => ({ name, witness: state }));
  const scene = { ...host, own: turn.own, others, assumeNoCluster: vars.assumeNoCluster };
  const decision = afterFounding(decideMember(scene), turn.founder);
  if (decision.refuse !== undefined) throw refused(decision.refuse, { mend: decision.mend });
  const { steps } = decision;
  if (steps.length > 0) note(decision.why);
  const via = turn.peers.find(({ name }) => name === decision.via);
  await announce(context, steps, via);
  if (steps.includes('start') && !turn.own.data) await ensure(beginning(context, vars, steps, via));
  await ensure(
    file(receipt, { content: 'The data of etcd.service on this host is of konverge’s making.\n' }),
    service('etcd.service', { enabled: true, running: true, restartOn: turn.basis }),
  );
  if (steps.includes('vote')) await via?.reach?.ensure(votes(host, ownEtcdctl(via.reach.host.address)));
  if (canSettle(scene, decision)) await ensure(memberReady(host));
  else note('it runs; there is no quorum until other members do as well');
}

/** `--check` changes nothing, so that for each host there seems to be no cluster yet. */
function afterFounding(decision: MemberDecision, founder: string | undefined): MemberDecision {
  if (founder === undefined || decision.refuse !== undefined || !decision.steps.includes('found')) return decision;
  return { steps: ['add', 'start', 'vote'], why: `${founder} will have begun the cluster`, via: founder };
}

/** etcd knows of the member. Shows the arithmetic first, and refuses what would cost the quorum. */
async function announce(
  { host, note }: Context,
  steps: readonly MemberStep[],
  via: Peer<MemberWitness> | undefined,
): Promise<void> {
  if (via?.reach === undefined) return;
  const etcdctl = ownEtcdctl(via.reach.host.address);
  const members = via.state?.members ?? [];
  const stale = steps.includes('remove') ? memberOf({ ...host, members }) : undefined;
  if (stale !== undefined) {
    const { allowed, sum } = removal(members, stale);
    if (!allowed) {
      throw refused(`etcd would lose its quorum: ${sum}`, {
        mend: 'bring the other members back first (`systemctl status etcd`, `journalctl -u etcd` on them)',
      });
    }
    note(`etcd: ${sum}`);
    await via.reach.ensure(memberRemoved(stale, etcdctl));
  }
  if (steps.includes('add')) await via.reach.ensure(announced(host, etcdctl));
}

function beginning(
  { host }: Context,
  { token }: EtcdVars,
  steps: readonly MemberStep[],
  via: Peer<MemberWitness> | undefined,
) {
  const { name, address } = host;
  const own = { name, peerUrl: peerUrlOf(address) };
  const members = [...(via?.state?.members ?? []).flatMap(asInitial).filter((each) => !isSame(each, own)), own];
  const state = steps.includes('found') ? 'new' : 'existing';
  return file(initialEnv, { content: initialEnvironment({ state, token, address, members }) });
}

interface Initial {
  readonly name: string;
  readonly peerUrl: string;
}

const asInitial = ({ id, name, peerUrls }: EtcdMember): readonly Initial[] =>
  peerUrls.map((peerUrl) => ({ name: name || `unnamed-${id}`, peerUrl }));

/** The same host: of the old self of a machine that was built anew nothing is left. */
const isSame = (a: Initial, b: Initial): boolean => a.name === b.name || a.peerUrl === b.peerUrl;
