import { commandFailed } from '../errors.ts';
import { redact } from '../secret.ts';
import type { Script } from '../sh.ts';
import type { CommandResult, WriteOptions, Writer } from './contract.ts';
import { explain } from './explain.ts';

/** What it means that a script ended with a certain exit code. */
export interface Stage {
  readonly message: string;
  readonly ran?: string;
  readonly mend?: string;
  /** default: not known */
  readonly touched?: boolean;
}

/** Exit codes of the script's own making: 64–99, clear of those of the tools it calls and of shells. */
export type Stages = Readonly<Record<number, Stage>>;

/**
 * Runs a script that says by its exit code how far it came.
 * @throws CommandFailed with the stage's message, what was said, and a mend where one is known
 */
export async function runStaged(
  host: Writer,
  script: Script,
  stages: Stages,
  options: WriteOptions,
): Promise<CommandResult> {
  const okCodes = [0, ...Object.keys(stages).map(Number)];
  const result = await host.run(script, { ...options, okCodes });
  const stage = stages[result.code];
  if (stage === undefined) return result;
  const said = redact(result.stderr.toString('utf8').trim());
  const mend = stage.mend ?? explain(said);
  throw commandFailed(stage.message, {
    ...(said === '' ? {} : { said }),
    ...(stage.ran === undefined ? {} : { ran: stage.ran }),
    ...(mend === undefined ? {} : { mend }),
    ...(stage.touched === undefined ? {} : { touched: stage.touched }),
  });
}
