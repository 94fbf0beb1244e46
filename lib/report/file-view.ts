import { closeSync, openSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { badInput } from '../errors.ts';
import { redact } from '../secret.ts';
import type { RunEvent, View } from './events.ts';

/** What becomes a file at the end of a run. */
export interface Document {
  show(event: RunEvent): void;
  /** The whole file. */
  text(): string;
}

/**
 * Writes the document when the view is closed, whole or not at all: a reader never finds half of it.
 * @throws BadInput at once when the file cannot be written, as nobody wants to learn that after an hour.
 */
export function fileView(path: string, document: Document): View {
  const part = `${path}.part`;
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) throw new Error('it is a directory');
    closeSync(openSync(part, 'w'));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw badInput(`cannot write '${path}': ${why}`, { cause, mend: 'name a file in a folder that exists' });
  }
  return {
    show: (event) => document.show(event),
    close: async () => {
      writeFileSync(part, redact(document.text()));
      renameSync(part, path);
    },
  };
}
