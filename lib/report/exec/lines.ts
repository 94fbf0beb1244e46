import type { Outlet } from '../outlet.ts';
import type { Paint } from '../paint.ts';
import { asShown } from '../printable.ts';
import { cells, padEnd } from '../width.ts';
import type { ExecView } from './events.ts';

/** `host | line` for what the command prints, `host ! line` for its stderr, as it comes. */
export function linesView(outlet: Outlet, paint: Paint): ExecView {
  let widest = 0;
  return {
    show(event) {
      if (event.type === 'exec-start') widest = Math.max(0, ...event.hosts.map((host) => cells(host)));
      if (event.type !== 'exec-line') return;
      const host = paint('cyan', padEnd(event.host, widest));
      outlet.write(`${`${host} ${markedLine(event, paint)}`.trimEnd()}\n`);
    },
    close: () => outlet.drained(),
  };
}

/** A mark tells stderr from stdout where there are no colours too. */
export function markedLine(
  { stream, line }: { readonly stream: 'stdout' | 'stderr'; readonly line: string },
  paint: Paint,
): string {
  return stream === 'stdout' ? `| ${asShown(line)}` : `${paint('red', '!')} ${paint('red', asShown(line))}`;
}
