import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const memory = '/dev/shm';
const endings = ['SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/**
 * Gives `use` a folder that only we can enter, in memory where the machine has such a place. Afterwards it is gone, with all
 * that is in it: after an error, on a signal and when the process exits too. `stopped` fires on a signal; Ctrl-C is left
 * to the program that has the terminal.
 */
export async function inPrivateFolder<T>(use: (folder: string, stopped: AbortSignal) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(hasMemory() ? memory : tmpdir(), 'konverge-'));
  const stop = new AbortController();
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const onSignal = (): void => {
    remove();
    stop.abort();
  };
  const ignore = (): void => undefined;
  process.on('exit', remove).on('SIGINT', ignore);
  for (const signal of endings) process.on(signal, onSignal);
  try {
    return await use(folder, stop.signal);
  } finally {
    remove();
    process.off('exit', remove).off('SIGINT', ignore);
    for (const signal of endings) process.off(signal, onSignal);
  }
}

function hasMemory(): boolean {
  try {
    accessSync(memory, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
