import { type Board, type HostState, isLost, type Row } from './board.ts';
import { clock, count } from './duration.ts';
import type { Paint, Style } from './paint.ts';
import { cells, fit, padEnd, padStart, type Segment } from './width.ts';

export interface FrameSize {
  readonly columns: number;
  /** lines of the frame at most */
  readonly lines: number;
}

const spinner = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
const symbols: Readonly<Record<HostState, readonly [string, Style]>> = {
  waiting: ['·', 'dim'],
  running: ['', 'cyan'],
  done: ['✔', 'green'],
  failed: ['✖', 'red'],
  unreachable: ['✖', 'red'],
};
/** What is shown when not all hosts fit, and in which order. */
const rank: Readonly<Record<HostState, number>> = { failed: 0, unreachable: 0, running: 1, waiting: 2, done: 3 };

/** The picture of a run at `now` (milliseconds on the events' clock): a title, labels, one line a host, failures first. */
export function frame(board: Board, now: number, size: FrameSize, paint: Paint): readonly string[] {
  const rows = [...board.rows.values()];
  const room = Math.max(1, size.lines) - 2;
  const shown = choose(rows, room);
  const widest = Math.max(4, ...shown.map(({ host }) => cells(host)));
  const lines = [
    title(board, rows, now),
    ...(room > 0 ? [labels(widest)] : []),
    ...shown.map((row) => line(row, widest, now)),
    ...(room > 0 && shown.length < rows.length ? [rest(rows, shown)] : []),
  ];
  return lines.map((segments) => fit(segments, size.columns, paint));
}

function choose(rows: readonly Row[], room: number): readonly Row[] {
  const lost = rows.filter((row) => isLost(row));
  if (rows.length <= room) return [...lost, ...rows.filter((row) => !isLost(row))];
  // One line is left for what is not shown. The lost hosts come first, and leave half of it to those still at work.
  const most = Math.max(0, room - 1);
  const others = rows.filter((row) => !isLost(row)).toSorted((a, b) => rank[a.state] - rank[b.state]);
  return [...lost.slice(0, Math.max(Math.ceil(most / 2), most - others.length)), ...others].slice(0, most);
}

function title({ play }: Board, rows: readonly Row[], now: number): readonly Segment[] {
  const done = rows.filter((row) => row.state === 'done').length;
  const lost = rows.filter((row) => isLost(row)).length;
  return [
    { text: play, style: 'bold' },
    { text: `  ${done} of ${count(rows.length, 'host')} done` },
    { text: lost > 0 ? `  ${lost} failed` : '', style: 'red' },
    { text: `  ${clock(now)}`, style: 'dim' },
  ];
}

const labels = (widest: number): readonly Segment[] => [
  { text: `  ${padEnd('host', widest)}    ok    ±  ✖      time  role · resource`, style: 'dim' },
];

function line(row: Row, widest: number, now: number): readonly Segment[] {
  const [symbol, style] = symbols[row.state];
  const isRunning = row.state === 'running';
  const time = isRunning ? clock(now - row.since) : '';
  const turning = spinner[Math.floor(now / 100) % spinner.length] ?? '';
  return [
    { text: isRunning ? turning : symbol, style },
    { text: ` ${padEnd(row.host, widest)}`, ...(isLost(row) ? { style } : {}) },
    number(row.ok, 6, 'green'),
    number(row.changed, 5, 'yellow'),
    number(row.failed, 3, 'red'),
    { text: padStart(time, 10), style: 'dim' },
    { text: `  ${[row.role, row.what].filter((part) => part !== '').join(' · ')}` },
    { text: row.line === '' ? '' : `  ${row.line}`, style: isLost(row) ? 'red' : 'dim' },
  ];
}

const number = (value: number, columns: number, style: Style): Segment => ({
  text: padStart(String(value), columns),
  style: value === 0 ? 'dim' : style,
});

function rest(rows: readonly Row[], shown: readonly Row[]): readonly Segment[] {
  const hidden = rows.filter((row) => !shown.includes(row));
  const states = (['failed', 'unreachable', 'running', 'waiting', 'done'] as const).flatMap((state) => {
    const many = hidden.filter((row) => row.state === state).length;
    return many === 0 ? [] : [`${many} ${state}`];
  });
  return [{ text: `  … ${count(hidden.length, 'more host')}: ${states.join(', ')}`, style: 'dim' }];
}
