/** Where a host stands: the role that was under way, and what is left to do there, that role included. */
export interface Standing {
  readonly host: string;
  readonly underWay: string | undefined;
  readonly left: readonly string[];
  /** roles that the operator did not want; they are not among those that are left */
  readonly leftOut: readonly string[];
}

interface Due {
  readonly play: string;
  readonly role: string;
}

export function standings(
  due: ReadonlyMap<string, readonly Due[]>,
  underWay: ReadonlyMap<string, string>,
  isLeftOut: (due: Due) => boolean,
): readonly Standing[] {
  return [...due].map(([host, roles]) => ({
    host,
    underWay: underWay.get(host),
    left: roles.filter((each) => !isLeftOut(each)).map(({ role }) => role),
    leftOut: roles.filter(isLeftOut).map(({ role }) => role),
  }));
}

/** A line for all hosts that stand alike, in the order of the first of them: `mn01, mn02: in chrony; left: chrony, runc` */
export function standingText(all: readonly Standing[]): string {
  const alike = new Map<string, string[]>();
  for (const standing of all) {
    const words = wordsOf(standing);
    alike.set(words, [...(alike.get(words) ?? []), standing.host]);
  }
  return [...alike].map(([words, hosts]) => `${hosts.join(', ')}: ${words}\n`).join('');
}

function wordsOf({ underWay, left, leftOut }: Standing): string {
  const out = leftOut.length === 0 ? '' : `; left out: ${leftOut.join(', ')}`;
  if (left.length === 0) return `done${out}`;
  const at = underWay === undefined ? `before ${left[0]}` : `in ${underWay}`;
  return `${at}; left: ${left.join(', ')}${out}`;
}
