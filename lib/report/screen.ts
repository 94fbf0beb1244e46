// Control sequences of ECMA-48 and the DEC private modes 25 (cursor) and 7 (wrap), as in xterm's ctlseqs.
const esc = '\u001b[';
const begin = `${esc}?25l${esc}?7l`;
const end = `${esc}?7h${esc}?25h`;

/** The lines at the bottom of a terminal that are drawn again and again, below text that stays. */
export interface Screen {
  /** Puts `above` over the lines for good, and draws what differs from the lines before. Nothing new, nothing written. */
  draw(lines: readonly string[], above?: string): void;
  /** Forgets what is on the screen, as after a change of its size: the next draw writes every line. */
  forget(): void;
  /** The lines are gone, the cursor is visible, long lines wrap. May be called any number of times. */
  close(): void;
}

export function screen(write: (text: string) => void): Screen {
  let shown: readonly string[] = [];
  let stale = false;
  let isOpen = false;
  const home = (): string => (shown.length === 0 ? '' : `${esc}${shown.length}A\r`);
  return {
    draw(lines, above = '') {
      const fresh = stale || above !== '' || lines.length < shown.length;
      const same = !fresh && lines.length === shown.length && lines.every((line, i) => line === shown[i]);
      if (same) return;
      const start = isOpen ? '' : begin;
      // Text that stays may be longer than the terminal is wide, so it wraps.
      const clear = fresh ? `${home()}${esc}0J${above === '' ? '' : `${esc}?7h${inRows(above)}${esc}?7l`}` : home();
      const body = lines.map((line, i) => (!fresh && line === shown[i] ? '\r\n' : `${esc}2K${line}\r\n`));
      isOpen = true;
      stale = false;
      shown = lines;
      write(`${start}${clear}${body.join('')}`);
    },
    forget() {
      stale = true;
    },
    close() {
      if (!isOpen) return;
      write(`${home()}${esc}0J${end}`);
      shown = [];
      isOpen = false;
    },
  };
}

const inRows = (text: string): string => text.replaceAll('\n', '\r\n');
