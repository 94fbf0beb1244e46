/** Where a host stands: the role that was under way, and what is left to do there, that role included. */
export interface Standing {
  readonly host: string;
  readonly underWay: string | undefined;
  readonly left: readonly string[];
}

export function standings(
  due: ReadonlyMap<string, readonly { readonly role: string }[]>,
  underWay: ReadonlyMap<string, string>,
): readonly Standing[] {
  return [...due].map(([host, left]) => ({ host, underWay: underWay.get(host), left: left.map(({ role }) => role) }));
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

function wordsOf({ underWay, left }: Standing): string {
  if (left.length === 0) return 'done';
  const at = underWay === undefined ? `before ${left[0]}` : `in ${underWay}`;
  return `${at}; left: ${left.join(', ')}`;
}
