import type { KonvergeError } from '../errors.ts';
import { noPaint, type Paint } from './paint.ts';
import { oneLine, printable } from './printable.ts';

export interface FailureOptions {
  /** also stacks and causes, and everything that was said */
  readonly verbose?: boolean;
  readonly paint?: Paint;
  /** who has failed like this, when it is not this host alone */
  readonly hosts?: string;
}

/** What a program prints at its end tells more than how it began. */
const shownLines = 20;

/** One failure as an operator needs it: where, what, what was run, what it said, how to mend it. No newline at the end. */
export function failureText(error: KonvergeError, options: FailureOptions = {}): string {
  const { verbose = false, paint = noPaint, hosts } = options;
  const { ran, said, mend, place } = error.details;
  // Several problems are told together, one below the other: in one line nobody could read them.
  const [first = '', ...more] = printable(error.message).trim().split('\n');
  return [
    paint('red', `✖ ${lineOf(error, first, hosts)}`),
    ...more.map((line) => line.trimEnd()),
    ...field('ran', ran, verbose, paint),
    ...field('said', said, verbose, paint),
    ...field('from', place?.at, verbose, paint),
    ...field('mend', mend, verbose, paint),
    ...(verbose ? reasons(error).map((line) => paint('dim', line)) : []),
  ].join('\n');
}

/** `mn01 · chrony · file /etc/chrony.conf: validation failed, it changed nothing` */
export const failureLine = (error: KonvergeError): string => lineOf(error, error.message);

/** A session names its host, as it may tell its error alone; where the host stands already, once is enough. */
export const withoutHost = (message: string, host: string | undefined): string =>
  host !== undefined && message.startsWith(`${host}: `) ? message.slice(host.length + 2) : message;

function lineOf(error: KonvergeError, message: string, hosts?: string): string {
  const { host, role, resource } = error.details.place ?? {};
  const where = [hosts ?? host, role, resource]
    .flatMap((part) => (part === undefined ? [] : [oneLine(part)]))
    .join(' · ');
  const what = withoutHost(oneLine(message).replace(/\.$/, ''), host) || error.code;
  return `${where === '' ? '' : `${where}: `}${what}${touched(error, what)}`;
}

function touched({ details }: KonvergeError, what: string): string {
  if (details.touched === undefined || details.place?.host === undefined || /\btouched\b/.test(what)) return '';
  if (details.touched) return ', the host may have been changed';
  // What came before it, in this role or another one, may well have changed the host.
  return details.place.role === undefined ? ', the host was not touched' : ', it changed nothing';
}

function field(name: string, text: string | undefined, verbose: boolean, paint: Paint): readonly string[] {
  const lines = printable(text ?? '')
    .trim()
    .split('\n')
    .map((line) => line.trimEnd());
  if (lines.length === 1 && lines[0] === '') return [];
  const hidden = verbose ? 0 : Math.max(0, lines.length - shownLines);
  const shown = hidden > 1 ? [`(${hidden} lines before, see --verbose)`, ...lines.slice(hidden)] : lines;
  return shown.map((line, i) => `  ${i === 0 ? paint('bold', name.padEnd(5)) : '     '} ${line}`.trimEnd());
}

function reasons(error: unknown, depth = 0): readonly string[] {
  if (!(error instanceof Error) || depth > 4) return [];
  const stack = printable(error.stack ?? `${error.name}: ${error.message}`)
    .trim()
    .split('\n');
  const intro = depth === 0 ? 'stack' : 'cause';
  return [...stack.map((line, i) => `  ${i === 0 ? intro : '     '} ${line}`), ...reasons(error.cause, depth + 1)];
}
