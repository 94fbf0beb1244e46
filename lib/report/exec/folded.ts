import { fold } from '../../plan/diff-text.ts';
import type { Outlet } from '../outlet.ts';
import type { Paint } from '../paint.ts';
import type { ExecEvent, ExecView } from './events.ts';
import { markedLine } from './lines.ts';

type Line = Extract<ExecEvent, { type: 'exec-line' }>;

/** At the end each output once, below the names of all hosts that printed it. */
export function foldedView(outlet: Outlet, paint: Paint): ExecView {
  const outputs = new Map<string, Line[]>();
  const codes = new Map<string, number>();
  return {
    show(event) {
      if (event.type === 'exec-line') outputs.get(event.host)?.push(event);
      if (event.type === 'exec-start') for (const host of event.hosts) outputs.set(host, []);
      if (event.type === 'exec-exit') codes.set(event.host, event.code);
      if (event.type === 'exec-end') outlet.write(folded(outputs, codes, paint));
    },
    close: () => outlet.drained(),
  };
}

function folded(
  outputs: ReadonlyMap<string, readonly Line[]>,
  codes: ReadonlyMap<string, number>,
  paint: Paint,
): string {
  const ended = [...outputs].filter(([host, lines]) => codes.has(host) || lines.length > 0);
  const entries = ended.map(([host, lines]) => {
    const code = codes.get(host);
    // How stdout and stderr interleave is chance, and no difference between two hosts.
    const own = lines.toSorted((a, b) => (a.stream === b.stream ? 0 : a.stream === 'stdout' ? -1 : 1));
    const tail = code === undefined ? ' (no exit code)' : code === 0 ? '' : ` (exit ${code})`;
    const body = own.length === 0 ? ['(no output)'] : own.map((line) => markedLine(line, paint));
    return { text: [tail, ...body].join('\n'), of: host };
  });
  return fold(entries)
    .map(({ text, of }) => {
      const [tail = '', ...body] = text.split('\n');
      return `${paint('cyan', of.join(', '))}${paint('red', tail)}\n${body.map((line) => `  ${line.trimEnd()}\n`).join('')}`;
    })
    .join('\n');
}
