import { randomBytes } from 'node:crypto';
import { chmodSync, closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Afterwards the file holds `content` with this mode, or, when that fails, what it held before. */
export function writeFileAtomically(file: string, content: string | Buffer, mode: number): void {
  const candidate = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}`);
  try {
    const handle = openSync(candidate, 'wx', 0o600);
    try {
      writeFileSync(handle, content);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    // The umask has no say: the mode is the one the file had.
    chmodSync(candidate, mode);
    renameSync(candidate, file);
  } catch (error) {
    rmSync(candidate, { force: true });
    throw error;
  }
}
