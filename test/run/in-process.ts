import { vi } from 'vitest';
import { type Command, exitCodeOf } from '../../lib/run/program.ts';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * The command as its program would run it in `folder`, but in this process: no second is spent on starting it. One at a
 * time, as a process has one working folder and one output.
 */
export async function inProcess(
  command: Command,
  { folder, file, args }: { readonly folder: string; readonly file: string; readonly args: readonly string[] },
): Promise<Ended> {
  const said = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((chunk, ...more) => {
      said[stream] += String(chunk);
      for (const each of more) if (typeof each === 'function') each();
      return true;
    }),
  );
  // Colours are asked for in the terminal of whoever runs the tests, for vitest.
  vi.stubEnv('NO_COLOR', '1');
  const before = process.cwd();
  process.chdir(folder);
  try {
    return { code: await exitCodeOf(command, args, file), ...said };
  } finally {
    process.chdir(before);
    for (const spy of spies) spy.mockRestore();
  }
}
