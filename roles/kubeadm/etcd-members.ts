import { z } from 'zod';

/** One line of etcd's member list, with what `endpoint health` says of it. */
export interface EtcdMember {
  /** hex, as etcdctl wants it */
  readonly id: string;
  /** '' = announced, but it has never started */
  readonly name: string;
  readonly peerUrls: readonly string[];
  readonly clientUrls: readonly string[];
  readonly learner: boolean;
  readonly healthy: boolean;
}

const list = z.object({
  members: z.array(
    z.object({
      ID: z.string(),
      name: z.string().default(''),
      peerURLs: z.array(z.string()).default([]),
      clientURLs: z.array(z.string()).default([]),
      isLearner: z.boolean().default(false),
    }),
  ),
});
const health = z.array(z.object({ endpoint: z.string(), health: z.boolean() }));

/**
 * The members from `etcdctl member list -w json` and `etcdctl endpoint health --cluster -w json` ('' = nothing known).
 * @throws ZodError or SyntaxError when etcdctl said something else
 */
export function parseMembers(members: string, endpoints: string): readonly EtcdMember[] {
  const well = new Set(
    (endpoints.trim() === '' ? [] : health.parse(JSON.parse(endpoints)))
      .filter((each) => each.health)
      .map((each) => each.endpoint),
  );
  return list.parse(parseBigJson(members)).members.map((member) => ({
    id: BigInt(member.ID).toString(16),
    name: member.name,
    peerUrls: member.peerURLs,
    clientUrls: member.clientURLs,
    learner: member.isLearner,
    healthy: member.clientURLs.some((url) => well.has(url)),
  }));
}

/** Ids are 64-bit numbers, which JSON.parse would round: they become strings. */
export function parseBigJson(text: string): unknown {
  return JSON.parse(text.replaceAll(/("(?:[a-z_]*id|leader)"\s*:\s*)(\d+)/gi, '$1"$2"'));
}

/** How many members must agree, of so many that vote. */
export const quorumOf = (voters: number): number => Math.floor(voters / 2) + 1;

export interface RemovalSum {
  readonly allowed: boolean;
  /** the arithmetic, in words */
  readonly sum: string;
}

/** May `member` go? The healthy ones among the others must be a quorum before it goes (to agree on it) and after. */
export function removal(members: readonly EtcdMember[], member: EtcdMember): RemovalSum {
  const others = members.filter((each) => each.id !== member.id && !each.learner);
  const voters = members.filter((each) => !each.learner).length;
  const healthy = others.filter((each) => each.healthy).length;
  const before = member.learner ? quorumOf(others.length) : quorumOf(voters);
  const after = quorumOf(others.length);
  const sum =
    `${voters} voting ${voters === 1 ? 'member' : 'members'}, ${healthy} healthy without ${nameOf(member)}; ` +
    `quorum is ${before} now and ${after} of ${others.length} afterwards`;
  return { allowed: others.length > 0 && healthy >= before && healthy >= after, sum };
}

export const nameOf = (member: EtcdMember): string => member.name || `the member at ${member.peerUrls.join(', ')}`;

export const peerUrlOf = (address: string): string => `https://${address}:2380`;
