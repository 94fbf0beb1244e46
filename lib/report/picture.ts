import { board } from './board.ts';
import type { RunEvent } from './events.ts';
import { frame } from './frame.ts';
import type { Out, Outlet } from './outlet.ts';
import type { Paint } from './paint.ts';
import { screen } from './screen.ts';

/** A run on a terminal: rows that are redrawn, and text above them that stays. */
export interface Picture {
  show(event: RunEvent): void;
  /** Text that stays, ending with a newline; written at the next tick. */
  tell(text: string): void;
  tick(): void;
  /** The rows are gone and the terminal is as it was. May be called any number of times. */
  close(): void;
}

export function picture(out: Out, outlet: Outlet, paint: Paint): Picture {
  const state = board();
  const drawn = screen((text) => outlet.write(text));
  let clock = { at: 0, read: performance.now() };
  let size = sizeOf(out);
  let told = '';
  let closed = false;
  return {
    show(event) {
      clock = { at: event.at, read: performance.now() };
      state.show(event);
    },
    tell(text) {
      told += text;
    },
    tick() {
      // The clock may tick once more after the end.
      if (closed) return;
      const now = sizeOf(out);
      if (now.columns !== size.columns || now.lines !== size.lines) drawn.forget();
      size = now;
      drawn.draw(frame(state, clock.at + performance.now() - clock.read, size, paint), told);
      told = '';
    },
    close() {
      closed = true;
      drawn.close();
      outlet.write(told);
      told = '';
    },
  };
}

/** Two lines stay free, so that the frame never scrolls. A terminal that does not know its size is taken for 80×24. */
function sizeOf({ columns, rows }: Out): { readonly columns: number; readonly lines: number } {
  return { columns: positive(columns, 80), lines: positive(rows, 24) - 2 };
}

const positive = (value: number | undefined, otherwise: number): number =>
  value === undefined || value <= 0 ? otherwise : value;
