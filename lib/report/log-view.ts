import { appendFileSync, closeSync, openSync } from 'node:fs';
import { badInput } from '../errors.ts';
import type { View } from './events.ts';
import { jsonView } from './json.ts';
import { outletTo } from './outlet.ts';

/**
 * Every event as one line of JSON, appended as it comes: what a killed run did stays readable, and one file can hold
 * many runs. @throws BadInput at once when the file cannot be written
 */
export function logView(path: string): View {
  try {
    // Diffs of an operator's files are nobody else's business.
    closeSync(openSync(path, 'a', 0o600));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw badInput(`cannot write '${path}': ${why}`, { cause, mend: 'name a file in a folder that exists' });
  }
  return jsonView(
    outletTo({
      write: (text, done) => {
        appendFileSync(path, text);
        done?.();
      },
    }),
  );
}
