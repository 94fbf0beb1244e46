import { badInput, type KonvergeError } from '../errors.ts';
import { type Origin, originText, type VarPath } from './tree.ts';

/** A problem together with the place it is to be mended at. */
export interface LocatedProblem {
  readonly origin: Origin;
  readonly path: VarPath;
  readonly message: string;
  readonly mend?: string;
  readonly host?: string;
}

interface Folded extends LocatedProblem {
  readonly hosts: readonly string[];
}

/** One error that lists every problem, in file order, each once however many of the `all` hosts have it. */
export function inventoryError(problems: readonly LocatedProblem[], all: number): KonvergeError {
  const folded = fold(problems);
  const title = folded.length === 1 ? '1 problem' : `${folded.length} problems`;
  const texts = problemLines(folded, all);
  return badInput([`${title} in the inventory, nothing was contacted:`, ...texts].join('\n'));
}

/** Each problem as the operator reads it: `FILE:LINE:COLUMN  path: message`, and below it how to mend it. */
export function problemTexts(problems: readonly LocatedProblem[], all: number): readonly string[] {
  return problemLines(fold(problems), all);
}

function problemLines(problems: readonly Folded[], all: number): readonly string[] {
  return problems.map(({ origin, path, message, mend, hosts }) => {
    const where = path.length === 0 ? '' : `${path.join('.')}: `;
    const line = `  ${originText(origin)}  ${where}${message}${hostsText(hosts, all)}`;
    return mend === undefined ? line : `${line}\n      mend: ${mend}`;
  });
}

function fold(problems: readonly LocatedProblem[]): readonly Folded[] {
  const byText = new Map<string, Folded>();
  for (const problem of problems) {
    const key = JSON.stringify([originText(problem.origin), problem.path, problem.message, problem.mend]);
    const before = byText.get(key);
    const own = problem.host === undefined ? [] : [problem.host];
    byText.set(key, { ...problem, hosts: [...new Set([...(before?.hosts ?? []), ...own])] });
  }
  return [...byText.values()].toSorted(byPlace);
}

function byPlace({ origin: a }: LocatedProblem, { origin: b }: LocatedProblem): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

const shown = 4;

// What all hosts share is a fact about the var, not about a host.
function hostsText(hosts: readonly string[], all: number): string {
  if (hosts.length === 0 || (hosts.length === all && all > 1)) return '';
  const names = hosts.slice(0, shown).join(', ');
  return hosts.length > shown ? ` (${names} and ${hosts.length - shown} more)` : ` (${names})`;
}
