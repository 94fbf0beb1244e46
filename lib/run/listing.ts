import { count } from '../report/duration.ts';
import { foldedNames } from '../report/host-names.ts';
import type { Play } from './play.ts';

/** The text of --list-tasks, --list-hosts, --list-tags: exactly what a run with the same selection would do. */
export function listing<V>(what: 'tasks' | 'hosts' | 'tags', playbook: string, plays: readonly Play<V>[]): string {
  if (what === 'hosts') return unique(plays.flatMap((play) => play.hosts.map((host) => host.name))).join('\n');
  if (what === 'tags') return unique(plays.flatMap(tagsOf)).toSorted().join('\n');
  return [`playbook ${playbook}`, ...plays.flatMap(playLines)].join('\n');
}

function playLines<V>(play: Play<V>, index: number): readonly string[] {
  const { serial } = play.options;
  const how = serial === undefined ? '' : `, serial ${[serial].flat().join(', ')}`;
  const names = foldedNames(play.hosts.map((host) => host.name));
  const hosts = `${names.join(' ')}${names.length < play.hosts.length ? `  (${count(play.hosts.length, 'host')})` : ''}`;
  const own = play.options.tags ?? [];
  const width = Math.max(...play.steps.map((step) => step.role.length));
  const steps = play.steps.map(
    (step) => `    ${step.role.padEnd(width)}  [${unique([...own, ...step.tags]).join(', ')}]`,
  );
  return ['', `  ${index + 1}. ${play.title}${how}`, `     ${hosts}`, ...steps];
}

const tagsOf = <V>(play: Play<V>): readonly string[] => [
  ...(play.options.tags ?? []),
  ...play.steps.flatMap((step) => step.tags),
];

const unique = (words: readonly string[]): readonly string[] => [...new Set(words)];
