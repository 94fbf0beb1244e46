import { secret as hide } from '../secret.ts';
import { type Script, sh } from '../sh.ts';
import type { Resource } from './contract.ts';
import { type Answer, question } from './question.ts';

export interface OutputOptions<Out> {
  readonly run: Script;
  /** read-only; exit 0 = nothing is to be run. Without it `run` is run each time. */
  readonly unless?: Script;
  /** makes the outcome's `out` of what was printed; of a secret one it should return a Secret */
  readonly parse: (stdout: string) => Out;
  /** seconds; default 300 */
  readonly timeout?: number;
  /** what `run` prints is not shown live, and each line of it is masked wherever it turns up later */
  readonly secret?: boolean;
}

/** `run` has been run, and the outcome's `out` is what it printed, parsed: a value that is made on the host. */
export function output<Out>(id: string, options: OutputOptions<Out>): Resource<Answer, Out> {
  const { run, unless, parse, timeout, secret = false } = options;
  const self: Resource<Answer, Out> = {
    kind: 'output',
    id,
    probe: question(unless ?? sh`false`),
    // Without `unless` only the run itself tells that it was run.
    diff: (state, seen) => (state.yes || seen.changed(self) ? [] : [{ path: 'output', to: id }]),
    async apply(host) {
      const { stdout } = await host.run(run, {
        what: id,
        ...(timeout === undefined ? {} : { timeout }),
        ...(secret ? { secret } : {}),
      });
      const text = stdout.toString('utf8');
      if (secret) hide(text);
      return parse(text);
    },
  };
  return self;
}
