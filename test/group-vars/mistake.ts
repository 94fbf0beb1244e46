import { baseVars, fiveHosts, type Given } from '../inventory/base-vars.ts';

/** what is wrong · how it is written · what is said, first line · how it is to be mended, second line */
export type Mistake = readonly [name: string, given: Given, said: string, mend?: string];

/** The base with one text replaced by another; it must be there. */
export function vars(from: string, to: string): Given {
  if (!baseVars.includes(from)) throw new Error(`the base has no '${from}'`);
  return { files: { 'all.yaml': baseVars.replace(from, to) } };
}

/** The base with more at its end. */
export const plus = (text: string): Given => ({ files: { 'all.yaml': baseVars + text } });

/** The line after the base. */
export const end = baseVars.split('\n').length;

/** The five hosts, some of them changed. */
export function change(changes: Readonly<Record<string, object>>): Given {
  const changed = Object.entries(fiveHosts).map(([name, entry]) => [name, { ...entry, ...changes[name] }] as const);
  return { hosts: Object.fromEntries(changed) };
}
