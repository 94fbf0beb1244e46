import type { Session } from '../connection/session.ts';
import { asKonvergeError, commandFailed, probeFailed } from '../errors.ts';
import type { AnyResource, CommandResult, Probe } from '../resources/contract.ts';

export const nameOf = (resource: AnyResource): string => `${resource.kind} ${resource.id}`;

/** A read-only question: one round trip. @throws ProbeFailed */
export async function ask<State>(session: Session, probe: Probe<State>): Promise<State> {
  const [result] = await session.run([probe.script], { repeatable: true });
  return parse(probe, result, 'read');
}

/** The states that `resources` have according to the results of their probes. @throws ProbeFailed */
export function parseAll(resources: readonly AnyResource[], results: readonly CommandResult[]): unknown[] {
  return resources.map((resource, i) => {
    try {
      return parse(resource.probe, results[i], nameOf(resource));
    } catch (error) {
      throw asKonvergeError(error).at({ resource: nameOf(resource) });
    }
  });
}

function parse<State>(probe: Probe<State>, result: CommandResult | undefined, what: string): State {
  if (result === undefined) throw probeFailed(`${what}: no answer`);
  if (result.code === 0) return probe.parse(result.stdout);
  throw probeFailed(`its state could not be read (exit ${result.code})`, {
    ran: probe.script.text,
    said: result.stderr.toString('utf8').trim() || result.stdout.toString('utf8').trim(),
  });
}

/** stderr first: there it says why. */
export const saidBy = ({ stderr, stdout }: CommandResult): string =>
  [stderr, stdout]
    .map((out) => out.toString('utf8').trim())
    .filter((text) => text !== '')
    .join('\n');

/** A command's result, or the error that says what was run and what it said. */
export function expectCode(result: CommandResult, ok: readonly number[], what: string, ran: string): CommandResult {
  if (ok.includes(result.code)) return result;
  throw commandFailed(`${what} failed (exit ${result.code}, ${(result.ms / 1000).toFixed(1)} s)`, {
    ran,
    said: saidBy(result),
  });
}
