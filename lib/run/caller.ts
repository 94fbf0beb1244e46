import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KonvergeError } from '../errors.ts';

const house = fileURLToPath(new URL('../..', import.meta.url));
const engine = fileURLToPath(new URL('..', import.meta.url));

/** Where a call came from, in words, for whoever wants to know. */
export type Caller = () => string | undefined;

/**
 * `roles/chrony/index.ts:22`: where the role called `fn`, relative to the working directory. V8 puts a stack into words when
 * it is read, which takes the source maps of all its files; most are never read.
 */
export function callerOf(fn: (...args: never) => unknown): Caller {
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, fn);
  return () => {
    const [frame] = framesOf(holder.stack);
    return frame === undefined ? undefined : inWords(frame);
  };
}

/** The error with the line of the role or playbook that it comes from, where its place names none and its stack does. */
export function withOrigin(error: KonvergeError): KonvergeError {
  const frame = framesOf(error.stack).find(({ path }) => !isEngine(path));
  return frame === undefined ? error : error.at({ at: inWords(frame) });
}

interface Frame {
  readonly path: string;
  readonly line: string;
}

/** The frames of a stack of V8's that are in files: `at fn (file:///a/b.ts:22:5)`, `at async /a/b.ts:22:5`. */
function framesOf(stack = ''): readonly Frame[] {
  const found = stack.matchAll(/^ +at (?:async )?(?:.* \()?((?:file:\/\/)?\/.*?):(\d+):\d+\)?$/gm);
  return [...found].map(([, path = '', line = '']) => ({
    path: path.startsWith('file:') ? fileURLToPath(path) : path,
    line,
  }));
}

const inWords = ({ path, line }: Frame): string => `${relative(process.cwd(), path)}:${line}`;

// konverge itself may live in somebody's node_modules, its roles with it.
const isEngine = (path: string): boolean =>
  path.startsWith(engine) || path.replace(house, '/').includes('/node_modules/');
