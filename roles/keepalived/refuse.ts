import { type HostView, reveal } from '../../lib/index.ts';
import type { KeepalivedVars } from './vars.ts';

/** Settings under which the address would never move, or that keepalived would not say are wrong. */
export function refuse({ members, vip, weight, authPass }: KeepalivedVars, host: HostView): readonly string[] {
  const priorities = members.map((member) => member.priority);
  const spread = Math.max(...priorities) - Math.min(...priorities);
  return [
    ...(members.some(({ name }) => name === host.name) ? [] : [`${host.name} is not among the members`]),
    ...(new Set(priorities).size === priorities.length ? [] : [`priorities must differ: ${priorities.join(', ')}`]),
    ...members.flatMap(({ name, address }) => (address === vip ? [`the VIP ${vip} is the address of ${name}`] : [])),
    // `!` and `#` begin a comment in keepalived.conf, a blank ends the word: the password would be shorter than it seems.
    ...(authPass === undefined || /^[\w.+=@%/-]+$/.test(reveal(authPass))
      ? []
      : ['authPass may hold letters, digits and . + = @ % / _ - only']),
    ...(members.length > 1 && -weight <= spread
      ? [`weight ${weight} cannot cause a failover: it must exceed the spread of priorities, ${spread}`]
      : []),
  ];
}
