import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { sshArguments } from '../identity.ts';
import type { HostName } from '../layout.ts';

/** Running konverge and the lab's own commands as an operator would: as programs, from the outside. */

const change = z.looseObject({ path: z.string(), from: z.string().optional(), to: z.string().optional() });

export const resourceEvent = z.looseObject({
  type: z.literal('resource'),
  host: z.string(),
  role: z.string(),
  on: z.string().optional(),
  kind: z.string(),
  id: z.string(),
  status: z.enum(['ok', 'changed', 'would-change', 'failed']),
  changes: z.array(change),
});

export const recapRow = z.looseObject({
  host: z.string(),
  ok: z.number(),
  changed: z.number(),
  failed: z.number(),
  unreachable: z.boolean(),
  skipped: z.number(),
  trips: z.number(),
});

const anyEvent = z.looseObject({ type: z.string() });
const runEnd = z.looseObject({ type: z.literal('run-end'), recap: z.array(recapRow), exitCode: z.number() });
const failure = z.looseObject({
  type: z.literal('host-failed'),
  host: z.string(),
  error: z.looseObject({ code: z.string(), message: z.string() }),
});

export interface SiteRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
  readonly resources: readonly z.infer<typeof resourceEvent>[];
  readonly recap: readonly z.infer<typeof recapRow>[];
  readonly failures: readonly z.infer<typeof failure>[];
}

export const inventoryFile = 'test/lab/hosts.ts';
const env = (): NodeJS.ProcessEnv => ({ ...process.env, NO_COLOR: '1' });

/** A playbook against the lab, its events read. */
export function playbook(file: string, ...args: readonly string[]): SiteRun {
  const began = performance.now();
  const inventory = args.includes('--inventory') ? [] : ['--inventory', inventoryFile];
  const words = ['--import', 'tsx', file, ...inventory, '--json', ...args];
  const done = spawnSync(process.execPath, words, { encoding: 'utf8', env: env(), maxBuffer: 1 << 28 });
  return read(done.status, done.stdout, done.stderr, (performance.now() - began) / 1000);
}

export const site = (...args: readonly string[]): SiteRun => playbook('playbooks/site.ts', ...args);

function read(code: number | null, stdout: string, stderr: string, seconds: number): SiteRun {
  const events = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => anyEvent.parse(JSON.parse(line)));
  const of = <S extends z.ZodType>(type: string, schema: S): z.output<S>[] =>
    events.filter((event) => event.type === type).map((event) => schema.parse(event));
  return {
    code,
    stdout,
    stderr,
    seconds,
    resources: of('resource', resourceEvent),
    recap: of('run-end', runEnd)[0]?.recap ?? [],
    failures: of('host-failed', failure),
  };
}

/** `mn01 chrony file /etc/chrony/chrony.conf` of everything that was changed, or would be; sorted. */
export function changed(run: SiteRun): readonly string[] {
  const acted = run.resources.filter(({ status }) => status === 'changed' || status === 'would-change');
  return acted.map((event) => `${event.on ?? event.host} ${event.role} ${event.kind} ${event.id}`).toSorted();
}

export interface Killed {
  /** whether there was a middle to kill it in */
  readonly inMiddle: boolean;
  /** `HOST: MESSAGE` of each host that had failed before */
  readonly failures: readonly string[];
}

/**
 * Runs site.ts and kills it (SIGKILL) in the middle of `play`: a moment after something there was changed, or a program
 * that changes it has begun to speak. It is killed at the end of that play all the same.
 */
export function killedIn(play: string): Promise<Killed> {
  const words = ['--import', 'tsx', 'playbooks/site.ts', '--inventory', inventoryFile, '--json'];
  const child = spawn(process.execPath, words, { env: env(), stdio: ['ignore', 'pipe', 'inherit'] });
  const failures: string[] = [];
  let inPlay = false;
  let inMiddle = false;
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (!line.startsWith('{')) return;
    const event = z
      .looseObject({ type: z.string(), play: z.string().optional(), status: z.string().optional() })
      .parse(JSON.parse(line));
    const failed = failure.safeParse(event).data;
    if (failed !== undefined) failures.push(`${failed.host}: ${failed.error.message}`);
    if (event.type === 'play-start') inPlay = event.play === play;
    if (inPlay && event.type === 'play-end') child.kill('SIGKILL');
    if (!inPlay || inMiddle || !(event.type === 'output' || event.status === 'changed')) return;
    inMiddle = true;
    setTimeout(() => child.kill('SIGKILL'), 300);
  });
  return new Promise((resolve) =>
    child.on('close', (_code, signal) => resolve({ inMiddle: inMiddle && signal === 'SIGKILL', failures })),
  );
}

/** Arguments that take another inventory of the lab: one of test/lab/variants. */
export const labInventory = (name: string): readonly string[] => ['--inventory', `test/lab/variants/${name}.ts`];

/** The plays of site.ts, in order. */
export function playNames(): readonly string[] {
  const words = ['--import', 'tsx', 'playbooks/site.ts', '--inventory', inventoryFile, '--list-tasks'];
  const listed = spawnSync(process.execPath, words, { encoding: 'utf8', env: env() }).stdout;
  return [...listed.matchAll(/^ {2}\d+\. (.*?)(?:, serial .*)?$/gm)].map((match) => match[1] ?? '');
}

/** The lab's own command line. @throws when it fails */
export function lab(...words: readonly string[]): string {
  const done = spawnSync(process.execPath, ['--import', 'tsx', 'test/lab/cli.ts', ...words], {
    encoding: 'utf8',
    env: env(),
  });
  if (done.status !== 0) throw new Error(`lab ${words.join(' ')}: ${done.stderr}${done.stdout}`);
  return done.stdout;
}

/** What a command on a host prints; run by the system's own ssh, not by konverge. @throws when it fails */
export function on(host: HostName, command: string): string {
  const done = spawnSync('ssh', [...sshArguments(host), command], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${host}: ${command}: exit ${done.status}: ${done.stderr}${done.stdout}`);
  return done.stdout.trim();
}
