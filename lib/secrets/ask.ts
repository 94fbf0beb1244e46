import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { isatty } from 'node:tty';
import { interrupted } from '../errors.ts';
import { type Secret, secret } from '../secret.ts';

/** Whether somebody can be asked. */
export const hasTerminal = (): boolean => isatty(0);

/**
 * Asks on the terminal for one line that is not shown while it is typed.
 * @throws Interrupted on Ctrl-C and at the end of input
 */
export function askSecret(question: string): Promise<Secret<string>> {
  // readline echoes what is typed to its output; the question has been printed by then.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true, historySize: 0 });
  process.stderr.write(question);
  return new Promise((resolve, reject) => {
    let typed: Secret<string> | undefined;
    terminal.on('line', (line) => {
      typed = secret(line);
      terminal.close();
    });
    terminal.on('SIGINT', () => terminal.close());
    terminal.on('close', () => {
      process.stderr.write('\n');
      if (typed === undefined) reject(interrupted('stopped on request', { touched: false }));
      else resolve(typed);
    });
  });
}
