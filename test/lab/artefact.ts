import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { $ } from 'zx/core';
import { cacheDir } from './layout.ts';

/**
 * Something slow to make: a recipe (a script) with what it is made from. Its key is the hash of all of these, so a
 * changed recipe makes a new artefact, and an interrupted one never looks complete (it is renamed when it is).
 */
export interface Artefact {
  readonly name: string;
  /** A script in recipes/, run with OUT (to fill), WORK (scratch), LAB_APT, RECIPES and one IN_… per input. */
  readonly recipe: string;
  /** Other files in recipes/ that the recipe reads. */
  readonly reads?: readonly string[];
  readonly inputs?: Readonly<Record<string, Artefact>>;
}

const recipesDir = join(import.meta.dirname, 'recipes');
const artefactsDir = join(cacheDir, 'artefacts');
const scratchDir = join(cacheDir, 'scratch');
const aptDir = join(cacheDir, 'apt');

export function keyOf(artefact: Artefact): string {
  const hash = createHash('sha256');
  for (const file of [artefact.recipe, ...(artefact.reads ?? [])]) {
    hash.update(`${file}\0`).update(readFileSync(join(recipesDir, file)));
  }
  for (const [name, input] of Object.entries(artefact.inputs ?? {})) hash.update(`${name}=${keyOf(input)}\0`);
  return hash.digest('hex').slice(0, 16);
}

export function pathOf(artefact: Artefact): string {
  return join(artefactsDir, `${artefact.name}-${keyOf(artefact)}`);
}

export function isBuilt(artefact: Artefact): boolean {
  return existsSync(pathOf(artefact));
}

const running = new Map<string, Promise<string>>();

/** The artefact's directory, made now unless the cache has it. Calls for the same artefact share one build. */
export function build(artefact: Artefact): Promise<string> {
  const path = pathOf(artefact);
  const started = running.get(path) ?? (existsSync(path) ? Promise.resolve(path) : make(artefact, path));
  running.set(path, started);
  return started;
}

async function make(artefact: Artefact, path: string): Promise<string> {
  const inputs: Record<string, string> = {};
  for (const [name, input] of Object.entries(artefact.inputs ?? {})) inputs[`IN_${name}`] = await build(input);
  await aptSources();
  const scratch = join(scratchDir, artefact.name);
  const out = join(scratch, 'out');
  await clear(scratch);
  mkdirSync(join(scratch, 'work'), { recursive: true });
  mkdirSync(out);
  const started = Date.now();
  say(`making ${artefact.name} …`);
  await runRecipe(artefact, { ...inputs, OUT: out, WORK: join(scratch, 'work') });
  // Else what an edited recipe's old text made would go by the new text's name, or the other way round.
  if (pathOf(artefact) !== path) throw new Error(`the recipe of ${artefact.name} was changed meanwhile; run again`);
  mkdirSync(artefactsDir, { recursive: true });
  renameSync(out, path);
  await clear(scratch);
  say(`made ${artefact.name} in ${((Date.now() - started) / 1000).toFixed(0)} s`);
  return path;
}

/** Removes a directory, and first whatever an interrupted run left mounted in it: /dev and /proc must not be removed too. */
async function clear(directory: string): Promise<void> {
  const mounted = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((target) => target.startsWith(`${directory}/`));
  for (const target of mounted.toReversed()) await $({ quiet: true })`umount --lazy ${target}`;
  rmSync(directory, { recursive: true, force: true });
}

async function runRecipe(artefact: Artefact, variables: Record<string, string>): Promise<void> {
  const env = {
    ...process.env,
    ...variables,
    LAB_APT: aptDir,
    APT_CONFIG: join(aptDir, 'apt.conf'),
    RECIPES: recipesDir,
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    DEBIAN_FRONTEND: 'noninteractive',
    // Whatever goes into an archive carries this time, so that the same input gives the same sum.
    SOURCE_DATE_EPOCH: '1700000000',
  };
  mkdirSync(join(cacheDir, 'logs'), { recursive: true });
  const log = join(cacheDir, 'logs', `${artefact.name}.log`);
  const sink = openSync(log, 'w');
  try {
    const file = join(recipesDir, artefact.recipe);
    const run = await $({ env, nothrow: true, stdio: ['ignore', sink, sink] })`bash ${file}`;
    if (run.exitCode === 0) return;
    const tail = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-15).join('\n  ');
    throw new Error(`${artefact.recipe} failed with exit code ${run.exitCode}; the end of ${log}:\n  ${tail}`);
  } finally {
    closeSync(sink);
  }
}

let sources: Promise<unknown> | undefined;

/** apt with this machine's own Debian mirrors, and with their source packages; made once a process. */
function aptSources(): Promise<unknown> {
  sources ??= $({ quiet: true })`sh ${join(recipesDir, 'apt-sources.sh')} ${aptDir}`;
  return sources;
}

/** Removes the artefacts that no current recipe leads to. */
export function prune(current: readonly Artefact[]): readonly string[] {
  if (!existsSync(artefactsDir)) return [];
  const keep = new Set(current.flatMap(withInputs).map(pathOf));
  const stale = readdirSync(artefactsDir)
    .map((name) => join(artefactsDir, name))
    .filter((path) => !keep.has(path));
  for (const path of stale) rmSync(path, { recursive: true, force: true });
  return stale;
}

function withInputs(artefact: Artefact): readonly Artefact[] {
  return [artefact, ...Object.values(artefact.inputs ?? {}).flatMap(withInputs)];
}

export function say(line: string): void {
  process.stderr.write(`lab: ${line}\n`);
}
