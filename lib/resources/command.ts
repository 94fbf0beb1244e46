import type { Script } from '../sh.ts';
import type { Change, Resource } from './contract.ts';
import { type Answer, question } from './question.ts';

export interface CommandOptions {
  readonly run: Script;
  /** read-only; exit 0 = it is so already. Also asked after `run`, which must have made it so. */
  readonly unless: Script;
  /** seconds; default 300 */
  readonly timeout?: number;
  /** in words, for live output and errors; default: the id */
  readonly what?: string;
  /** what is shown as the difference; default: one change that says `what` */
  readonly changes?: readonly Change[];
}

/** `unless` exits 0. The escape hatch for what no other resource says. */
export function command(id: string, options: CommandOptions): Resource<Answer> {
  const { run, unless, timeout, what = id, changes = [{ path: 'command', to: what }] } = options;
  return {
    kind: 'command',
    id,
    probe: question(unless),
    diff: (state) => (state.yes ? [] : changes),
    async apply(host) {
      await host.run(run, { what, ...(timeout === undefined ? {} : { timeout }) });
    },
  };
}
