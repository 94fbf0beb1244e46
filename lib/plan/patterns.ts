import { didYouMean } from '../suggest.ts';
import { type PatternItem, patternItems } from './pattern-items.ts';

export interface PatternWorld {
  /** every host's name, in inventory order */
  readonly hosts: readonly string[];
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** the text of an `@file`; may throw */
  readonly readFile?: (path: string) => string;
}

export interface PatternProblem {
  readonly message: string;
  readonly mend?: string;
}

export type Selection =
  | { readonly hosts: readonly string[]; readonly problems?: undefined }
  | { readonly hosts?: undefined; readonly problems: readonly PatternProblem[] };

type Found = { readonly hosts: readonly string[] } | { readonly problem: PatternProblem };

/**
 * The hosts that a `--limit` pattern selects, in inventory order: unions first, then every `&`, then every `!`,
 * whatever their order. Nothing but exclusions means all hosts less these; an empty pattern means no limit.
 * Unlike Ansible's, a name nobody knows and a selection without hosts are problems: a typo never widens a run.
 */
export function selectHosts(pattern: string, world: PatternWorld): Selection {
  const problems: PatternProblem[] = [];
  const sets: Record<PatternItem['op'], ReadonlySet<string>[]> = { '+': [], '&': [], '!': [] };
  for (const { op, names } of withFiles(patternItems(pattern), world, problems)) {
    const found = names.map((name) => find(name, world));
    problems.push(...found.flatMap((each) => ('problem' in each ? [each.problem] : [])));
    sets[op].push(new Set(found.flatMap((each) => ('hosts' in each ? each.hosts : []))));
  }
  if (problems.length > 0) return { problems };
  const hosts = world.hosts.filter(
    (host) =>
      (sets['+'].length === 0 || sets['+'].some((set) => set.has(host))) &&
      sets['&'].every((set) => set.has(host)) &&
      !sets['!'].some((set) => set.has(host)),
  );
  if (hosts.length > 0 || patternItems(pattern).length === 0) return { hosts };
  return { problems: [{ message: `'${pattern}' selects no host`, mend: 'see --list-hosts for what there is' }] };
}

/** An item whose `@file` has been read. */
interface Names {
  readonly op: PatternItem['op'];
  readonly names: readonly string[];
}

/** `@file` stands for the items of its lines, `&@file` and `!@file` for the union of the names in it. */
function withFiles(items: readonly PatternItem[], world: PatternWorld, problems: PatternProblem[]): readonly Names[] {
  return items.flatMap(({ op, name }) => {
    if (!name.startsWith('@')) return [{ op, names: [name] }];
    const path = name.slice(1);
    const inside = itemsOfFile(path, world);
    if ('message' in inside) {
      problems.push(inside);
      return [];
    }
    if (op === '+') return inside.map((each) => ({ op: each.op, names: [each.name] }));
    problems.push(...inside.filter((each) => each.op !== '+').map((each) => twice(path, each)));
    return [{ op, names: inside.filter((each) => each.op === '+').map((each) => each.name) }];
  });
}

/** `#` begins a comment. A file without a name is a problem: as no limit at all it would widen the run to everything. */
function itemsOfFile(path: string, { readFile }: PatternWorld): readonly PatternItem[] | PatternProblem {
  try {
    const lines = readFile === undefined ? [] : readFile(path).split('\n');
    const items = lines.flatMap((line) => patternItems(line.replace(/(^|\s)#.*/, '')));
    return items.length > 0 ? items : { message: `'${path}' names no host` };
  } catch (error) {
    return { message: `cannot read '${path}': ${error instanceof Error ? error.message : String(error)}` };
  }
}

const twice = (path: string, { op, name }: PatternItem): PatternProblem => ({
  message: `'${op}${name}' in '${path}' has no meaning, as the file itself is given with & or !`,
  mend: 'list plain names in such a file',
});

function find(name: string, world: PatternWorld): Found {
  const named = exactly(name, world);
  if (named !== undefined) return { hosts: named };
  if (name.startsWith('~')) return byRegex(name, world);
  const slice = /^(.+)\[(-?\d+)(?:(:)(-?\d+)?)?\]$/.exec(name);
  const sliced = slice?.[1] === undefined ? undefined : exactly(slice[1], world);
  if (slice !== null && sliced !== undefined) return bySlice(name, slice, sliced);
  if (/[*?[]/.test(name)) return matching(name, globToRegex(name), world);
  const near = didYouMean(name, [...world.hosts, ...world.groups.keys(), 'all']);
  const message = `no host or group is named '${name}'`;
  return { problem: near === undefined ? { message } : { message, mend: near } };
}

function exactly(name: string, world: PatternWorld): readonly string[] | undefined {
  const group = world.groups.get(name);
  if (group !== undefined) return group;
  if (world.hosts.includes(name)) return [name];
  return name === 'all' ? world.hosts : undefined;
}

function byRegex(name: string, world: PatternWorld): Found {
  try {
    // Anchored at the start only, as Python's re.match is.
    return matching(name, new RegExp(`^(?:${name.slice(1)})`), world);
  } catch (error) {
    return { problem: { message: `'${name}' is not a regular expression: ${String(error)}` } };
  }
}

function matching(name: string, regex: RegExp, { hosts, groups }: PatternWorld): Found {
  const inGroups = [...groups].filter(([group]) => regex.test(group)).flatMap(([, members]) => members);
  const found = [...inGroups, ...hosts.filter((host) => regex.test(host))];
  return found.length > 0 ? { hosts: found } : { problem: { message: `nothing matches '${name}'` } };
}

/** Both ends belong to a slice; a negative index counts from the end. */
function bySlice(name: string, [, , first, colon, last]: RegExpExecArray, members: readonly string[]): Found {
  const index = (text: string): number => (text.startsWith('-') ? members.length + Number(text) : Number(text));
  const start = index(String(first));
  const end = colon === undefined ? start : last === undefined ? members.length - 1 : index(last);
  const hosts = start < 0 ? [] : members.slice(start, Math.max(0, end + 1));
  if (hosts.length > 0) return { hosts };
  return { problem: { message: `'${name}' is past the end: the group has ${members.length} hosts, the first is [0]` } };
}

/** fnmatch(3) as far as names need it: `*`, `?`, `[abc]`, `[!abc]`. */
function globToRegex(glob: string): RegExp {
  const source = glob.replaceAll(/\[(!?)([^\]]+)\]|[\s\S]/g, (char, not?: string, set?: string) => {
    if (set !== undefined) return `[${not === '!' ? '^' : ''}${set.replaceAll(/[\\^[]/g, '\\$&')}]`;
    if (char === '*') return '.*';
    return char === '?' ? '.' : char.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${source}$`);
}
