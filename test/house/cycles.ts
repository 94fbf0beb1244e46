import { fileURLToPath } from 'node:url';
import { houses, importsOf, sources } from './imports.ts';

export type Graph = ReadonlyMap<string, readonly string[]>;

/** One cycle through each back edge that a depth-first walk meets, as the files along it; [] = the graph has none. */
export function cyclesIn(graph: Graph): readonly (readonly string[])[] {
  const found: string[][] = [];
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): void => {
    const seen = path.indexOf(file);
    if (seen >= 0) found.push([...path.slice(seen), file]);
    if (seen >= 0 || done.has(file)) return;
    for (const next of graph.get(file) ?? []) walk(next, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) walk(file, []);
  return found;
}

/** Type-only imports count too: what cannot be understood alone is a cycle to its reader. */
export const graph = (): Graph => new Map(sources(houses).map((file) => [file, importsOf(file)]));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const all = graph();
  const cycles = cyclesIn(all);
  for (const cycle of cycles) console.error(`cycle: ${cycle.join(' → ')}`);
  console.log(`${all.size} files, ${cycles.length} import cycles`);
  process.exitCode = cycles.length > 0 ? 1 : 0;
}
