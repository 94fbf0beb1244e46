import { asKonvergeError, badInput, KonvergeError } from '../errors.ts';
import type { HostView } from '../inventory/types.ts';
import { selects } from '../plan/tags.ts';
import { count } from '../report/duration.ts';
import { failureText } from '../report/failure.ts';
import { withOrigin } from './caller.ts';
import type { Play, PlayOptions } from './play.ts';
import { rehearse } from './rehearse.ts';
import type { PreparedStep } from './role.ts';

export interface PreparedStepOn {
  readonly role: string;
  readonly dir: string | undefined;
  readonly tags: readonly string[];
  readonly prepared: PreparedStep;
}

/** A play whose selection has been made and whose vars have been parsed for every host. */
export interface PreparedPlay {
  readonly title: string;
  readonly hosts: readonly HostView[];
  readonly options: PlayOptions;
  stepsOn(host: HostView): readonly PreparedStepOn[];
}

export interface Selection {
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  /** undefined = every host */
  readonly hosts: ReadonlySet<string> | undefined;
}

/** The same mistake on 500 hosts is one mistake. */
interface Problem {
  readonly error: KonvergeError;
  readonly hosts: readonly string[];
}

type Problems = Map<string, Problem>;

/**
 * Everything that can be known to be wrong before the first connection: the vars of every role for every host, and,
 * by rehearsing each role against assumed facts, its templates. @throws BadInput with all problems at once
 */
export async function preparePlays(
  plays: readonly Play[],
  selection: Selection,
  inventory: readonly HostView[],
): Promise<readonly PreparedPlay[]> {
  const problems: Problems = new Map();
  const prepared: PreparedPlay[] = [];
  for (const play of plays) {
    const hosts = play.hosts.filter((host) => selection.hosts?.has(host.name) ?? true);
    const steps = new Map<string, readonly PreparedStepOn[]>();
    for (const host of hosts) {
      const ready = await prepareHost(play, selection, host, inventory, problems);
      steps.set(host.name, ready);
    }
    prepared.push({ title: play.title, hosts, options: play.options, stepsOn: (host) => steps.get(host.name) ?? [] });
  }
  throwAll([...problems.values()]);
  return prepared;
}

/** Steps of a play that the tags select; an empty selection means all. */
export function selectedSteps<V>(play: Play<V>, selection: Pick<Selection, 'tags' | 'skipTags'>): Play<V>['steps'] {
  const own = play.options.tags ?? [];
  return play.steps.filter((step) => selects([...own, ...step.tags], selection.tags, selection.skipTags));
}

async function prepareHost(
  play: Play,
  selection: Selection,
  host: HostView,
  inventory: readonly HostView[],
  problems: Problems,
): Promise<readonly PreparedStepOn[]> {
  const ready: PreparedStepOn[] = [];
  for (const step of selectedSteps(play, selection)) {
    try {
      const prepared = step.prepare(host, inventory);
      ready.push({ role: step.role, dir: step.dir, tags: step.tags, prepared });
      await rehearse(prepared, step, host, inventory);
    } catch (error) {
      const known = withOrigin(asKonvergeError(error).at({ host: host.name, role: step.role }));
      const same = problems.get(known.message);
      problems.set(known.message, { error: same?.error ?? known, hosts: [...(same?.hosts ?? []), host.name] });
    }
  }
  return ready;
}

function throwAll(problems: readonly Problem[]): void {
  const [first] = problems;
  if (first === undefined) return;
  if (problems.length === 1) throw inWords(first);
  const texts = problems.map((each) => failureText(inWords(each)));
  throw badInput(`${problems.length} problems, nothing was contacted:\n${texts.join('\n')}`, {
    mend: 'mend them and run again',
  });
}

function inWords({ error, hosts }: Problem): KonvergeError {
  // That no host was touched goes without saying here.
  const { touched: _, ...details } = error.details;
  const more = hosts.length > 1 ? `; the same on ${count(hosts.length - 1, 'more host')}` : '';
  return new KonvergeError('BadInput', `${error.message}${more}`, { ...details, cause: error });
}
