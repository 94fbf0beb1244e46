import { readFileSync } from 'node:fs';
import { isAbsolute, relative } from 'node:path';
import type { Origin } from './tree.ts';

export interface Places {
  /** the inventory file */
  readonly file: Origin;
  /** where a host or group is named in it */
  readonly of: (name: string) => Origin;
}

/** Where hosts and groups are named in the inventory file. */
export function placesIn(file: string, display: (path: string) => string): Places {
  const shown = display(file);
  const lines = textOf(file).split('\n');
  return {
    file: { file: shown },
    of: (name) => {
      // A TypeScript file is not parsed for this: the first line on which the name is a key is right nearly always.
      const index = lines.findIndex((line) => keyOf(line) === name);
      return index < 0 ? { file: shown } : { file: shown, line: index + 1, column: columnOf(lines[index] ?? '') };
    },
  };
}

const columnOf = (line: string): number => line.search(/\S/) + 1;

function keyOf(line: string): string | undefined {
  return /^\s*(?:'([^']+)'|"([^"]+)"|([\w$]+))\s*:/
    .exec(line)
    ?.slice(1)
    .find((key) => key !== undefined);
}

// An inventory made in memory has no file to look into.
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Paths below `cwd` relative to it, others as they are. */
export function displayIn(cwd: string): (path: string) => string {
  return (path) => {
    const below = relative(cwd, path);
    return below.startsWith('..') || isAbsolute(below) ? path : below;
  };
}
