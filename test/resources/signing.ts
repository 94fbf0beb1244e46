import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Signer {
  readonly armored: string;
  readonly binary: Buffer;
  clearSign(from: string, to: string): Promise<void>;
  detachSign(from: string, to: string): Promise<void>;
}

/** A key of its own in `home`, which must have a short path: gpg-agent's socket lies there. */
export async function signer(home: string, name: string): Promise<Signer> {
  const gpg = (...args: readonly string[]) =>
    run('gpg', [
      '--homedir',
      home,
      '--batch',
      '--yes',
      '-u',
      name,
      '--pinentry-mode',
      'loopback',
      '--passphrase',
      '',
      ...args,
    ]);
  await gpg('--quick-gen-key', name, 'rsa2048', 'sign', 'never');
  await gpg('--output', join(home, `${name}.asc`), '--armor', '--export', name);
  await gpg('--output', join(home, `${name}.gpg`), '--export', name);
  return {
    armored: await readFile(join(home, `${name}.asc`), 'utf8'),
    binary: await readFile(join(home, `${name}.gpg`)),
    clearSign: async (from, to) => void (await gpg('--output', to, '--clear-sign', from)),
    detachSign: async (from, to) => void (await gpg('--output', to, '--armor', '--detach-sign', from)),
  };
}

/** gpg-agent outlives gpg by itself. */
export const endSigning = (home: string) => run('gpgconf', ['--homedir', home, '--kill', 'gpg-agent']);
