import { redact } from '../secret.ts';

/** Where a view writes: a terminal, a pipe or a file. */
export interface Out {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  write(text: string, done?: (error?: Error | null) => void): unknown;
  on?(event: 'error', listener: (error: Error) => void): unknown;
}

export interface Outlet {
  write(text: string): void;
  /** All that was written has left. */
  drained(): Promise<void>;
}

/**
 * The last door before the terminal: known secrets are masked once more. A reader that has gone (`| head`) is no reason
 * to end a run in the middle of a change, so the rest is dropped.
 */
export function outletTo(out: Out): Outlet {
  let gone = false;
  out.on?.('error', () => {
    gone = true;
  });
  return {
    write(text) {
      if (!gone && text !== '') out.write(redact(text));
    },
    drained: () => new Promise((resolve) => (gone ? resolve() : out.write('', () => resolve()))),
  };
}
