import { type KonvergeError, refused } from '../errors.ts';
import type { Planned } from './plan-file.ts';

const mend = 'look at what changed there, then make a new plan: --check --out FILE';

/** How the hosts differ from the plan, by host: what is planned against what a check finds now. */
export function driftOf(planned: readonly Planned[], now: readonly Planned[]): ReadonlyMap<string, KonvergeError> {
  const drift = new Map<string, KonvergeError>();
  const tell = (of: Planned, message: string): void => {
    const place = { host: of.host, role: of.role, resource: nameOf(of) };
    if (!drift.has(of.host)) drift.set(of.host, refused(message, { place, mend, touched: false }));
  };
  for (const was of planned) {
    const is = now.find((each) => keyOf(each) === keyOf(was));
    if (is === undefined)
      tell(was, `it has drifted from the plan: planned was ${words(was)}, now there is nothing to change`);
    else if (words(is) !== words(was))
      tell(was, `it has drifted from the plan: planned was ${words(was)}, now it would be ${words(is)}`);
  }
  for (const is of now) {
    if (!planned.some((was) => keyOf(was) === keyOf(is))) {
      tell(is, `it has drifted from the plan: nothing was planned, now it would be ${words(is)}`);
    }
  }
  return drift;
}

export type Change = Omit<Planned, 'changes'>;

/**
 * Lets through what is planned, once for each time it is planned. By resource, not by value: some values exist only when
 * their turn comes (join data). @throws Refused
 */
export function planGuard(planned: readonly Planned[]): (change: Change) => void {
  const left = planned.map(keyOf);
  return (change) => {
    const at = left.indexOf(keyOf(change));
    if (at < 0) throw refused(`${nameOf(change)} is not in the plan, and would be changed`, { mend, touched: false });
    left.splice(at, 1);
  };
}

const nameOf = ({ kind, id }: Change): string => `${kind} ${id}`;
const keyOf = ({ host, on, role, kind, id }: Change): string => JSON.stringify([host, on, role, kind, id]);
const words = ({ changes }: Planned): string =>
  changes.map(({ path, from, to }) => `${path} ${from ?? 'absent'} → ${to ?? 'absent'}`).join(', ');
