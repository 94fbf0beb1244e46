import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { asKonvergeError } from '../errors.ts';
import { failureText, painter } from '../report/index.ts';

/** What a program does with its arguments, `file` being its own path. What it returns is the exit code. */
export type Command = (args: readonly string[], file: string) => Promise<number>;

/**
 * Runs the command when the file of `meta` is the program; does nothing when that file is only imported. Sets the exit
 * code; what is thrown is printed as a failure, and is 3 for bad input, 130 for an interrupt and else 1.
 */
export async function runAsProgram(meta: ImportMeta, command: Command): Promise<void> {
  const program = process.argv[1];
  if (program === undefined || realpathSync(program) !== realpathSync(fileURLToPath(meta.url))) return;
  // A reader that has gone (`2>&1 | head`), a terminal that was closed: no reason to end in the middle of a change.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  process.exitCode = await exitCodeOf(command, process.argv.slice(2), fileURLToPath(meta.url));
  // A role that was given up may have left a timer, or a connection of its own, that would keep the process alive.
  if (process.exitCode === 130) setTimeout(() => process.exit(), 2000).unref();
}

/** The command with its failures printed. */
export async function exitCodeOf(command: Command, args: readonly string[], file: string): Promise<number> {
  try {
    return await command(args, file);
  } catch (error) {
    const known = asKonvergeError(error);
    process.stderr.write(`${failureText(known, { verbose: isVerbose(args), paint: painter(process.stderr) })}\n`);
    return known.code === 'Interrupted' ? 130 : known.code === 'BadInput' ? 3 : 1;
  }
}

/** For a command that is done with printing. */
export function print(text: string): number {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  return 0;
}

// Looked for by hand: the flags themselves may be what is wrong.
function isVerbose(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  const own = end < 0 ? args : args.slice(0, end);
  return own.includes('--verbose') || own.includes('-v');
}
