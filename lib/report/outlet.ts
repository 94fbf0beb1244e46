import { redact } from '../secret.ts';

/** Where a view writes: a terminal, a pipe or a file. */
export interface Out {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  write(text: string, done?: (error?: Error | null) => void): unknown;
  on?(event: 'error', listener: (error: Error) => void): unknown;
  off?(event: 'error', listener: (error: Error) => void): unknown;
}

export interface Outlet {
  write(text: string): void;
  /** All that was written has left; nothing is written after it. */
  drained(): Promise<void>;
}

/**
 * The last door before the terminal: known secrets are masked once more. A reader that has gone (`| head`) is no reason
 * to end a run in the middle of a change, so the rest is dropped.
 */
export function outletTo(out: Out): Outlet {
  let gone = false;
  const onError = (): void => {
    gone = true;
  };
  out.on?.('error', onError);
  return {
    write(text) {
      if (!gone && text !== '') out.write(redact(text));
    },
    drained: async () => {
      const isWell = await new Promise<boolean>((resolve) => {
        if (gone) resolve(false);
        else out.write('', (error) => resolve(!error));
      });
      // Otherwise the event is still to come, and would end the process.
      if (isWell) out.off?.('error', onError);
    },
  };
}
