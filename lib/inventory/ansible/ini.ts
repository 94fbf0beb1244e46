import { didYouMean } from '../../suggest.ts';
import type { LocatedProblem } from '../located-problem.ts';
import type { Origin } from '../tree.ts';
import { expandHosts } from './host-range.ts';
import { addHost, groupIn, newOutline, type Outline, type OutlineGroup, tell, type Vars } from './outline.ts';
import { literal, splitWords } from './words.ts';

interface Section {
  readonly group: OutlineGroup;
  readonly kind: 'hosts' | 'children' | 'vars';
}

/** The INI form of Ansible's inventory (its plugin `ini`): groups, `[g:children]`, `[g:vars]`, host ranges, comments. */
export function readIni(text: string, file: string): Outline {
  const outline = newOutline();
  /** groups that so far are only spoken of: as children, or by their vars */
  const spokenOf = new Map<string, LocatedProblem>();
  let section: Section | undefined;
  for (const [i, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    const origin: Origin = { file, line: i + 1, column: Math.max(1, raw.search(/\S/) + 1) };
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    if (line.startsWith('[') && /^\[[^\]]*\]\s*(?:#.*)?$/.test(line)) section = header(line, origin, outline, spokenOf);
    else if (section?.kind === 'children') childLine(line, section.group, origin, outline, spokenOf);
    else if (section?.kind === 'vars') varLine(line, section.group, origin, outline);
    else hostLine(line, section?.group ?? groupIn(outline, 'ungrouped', origin), origin, outline);
  }
  const known = [...outline.groups.keys()].filter((name) => !spokenOf.has(name));
  for (const [name, problem] of spokenOf)
    outline.problems.push({ ...problem, mend: didYouMean(name, known) ?? problem.mend ?? '' });
  return outline;
}

function header(
  line: string,
  origin: Origin,
  outline: Outline,
  spokenOf: Map<string, LocatedProblem>,
): Section | undefined {
  const [, name, kind = 'hosts'] = /^\[([^:\]\s]+)(?::(\w+))?\]/.exec(line) ?? [];
  if (name === undefined || (kind !== 'hosts' && kind !== 'children' && kind !== 'vars')) {
    tell(outline.problems, origin, `${line} is no section`, 'write [group], [group:children] or [group:vars]');
    return undefined;
  }
  const isNew = !outline.groups.has(name);
  const group = groupIn(outline, name, origin);
  if (kind !== 'vars') spokenOf.delete(name);
  else if (isNew && name !== 'all' && name !== 'ungrouped') {
    spokenOf.set(name, {
      origin,
      path: [],
      message: `there is no group '${name}'`,
      mend: `write [${name}] before its vars`,
    });
  }
  return { group, kind };
}

function childLine(
  line: string,
  parent: OutlineGroup,
  origin: Origin,
  outline: Outline,
  spokenOf: Map<string, LocatedProblem>,
): void {
  const name = /^([^:\]\s]+)\s*(?:#.*)?$/.exec(line)?.[1];
  if (name === undefined) return tell(outline.problems, origin, `'${line}' is no group`, 'write one group a line');
  if (!outline.groups.has(name)) {
    spokenOf.set(name, {
      origin,
      path: [],
      message: `there is no group '${name}'`,
      mend: `write its section [${name}]`,
    });
  }
  groupIn(outline, name, origin);
  parent.children.set(name, origin);
}

function varLine(line: string, group: OutlineGroup, origin: Origin, outline: Outline): void {
  const at = line.indexOf('=');
  if (at <= 0) return tell(outline.problems, origin, `'${line}' is no var`, 'write name=value');
  group.vars.set(line.slice(0, at).trim(), literal(line.slice(at + 1).trim(), origin));
}

function hostLine(line: string, group: OutlineGroup, origin: Origin, outline: Outline): void {
  const words = splitWords(line);
  if (words === undefined) return tell(outline.problems, origin, 'a quote is not closed');
  const [pattern = '', ...assignments] = words;
  const vars: Vars = new Map();
  for (const word of assignments) {
    const at = word.indexOf('=');
    // The word itself may be a secret that lost its name.
    if (at <= 0)
      tell(
        outline.problems,
        origin,
        'after the host come name=value pairs',
        'quote a value that holds blanks: name="a b"',
      );
    else vars.set(word.slice(0, at), literal(word.slice(at + 1), origin));
  }
  addHosts(pattern, { group, vars, origin }, outline);
}

interface Named {
  readonly group: OutlineGroup;
  readonly vars: Vars;
  readonly origin: Origin;
}

/** Adds every host that the pattern stands for. */
export function addHosts(pattern: string, { group, vars, origin }: Named, outline: Outline): void {
  const written = expandHosts(pattern);
  if (written.names === undefined) return tell(outline.problems, origin, written.problem);
  if (written.port !== undefined && !vars.has('ansible_port')) {
    vars.set('ansible_port', { kind: 'leaf', origin, value: written.port });
  }
  for (const name of written.names) addHost(outline, group, name, vars, origin);
}
