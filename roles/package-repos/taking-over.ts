import { file, lines, type Resource, sh } from '../../lib/index.ts';

type FileProbe = ReturnType<typeof file> extends Resource<infer State> ? State : never;

export interface TakingOverState {
  /** the text of all the files that said it until now */
  readonly before: string;
  readonly file: FileProbe;
}

const mark = '# the file itself';

/** A whole file of our own, the old one kept beside it, that goes on saying what the operator has chosen in `sources`. */
export function takingOver(
  path: string,
  sources: readonly string[],
  contentFor: (before: string) => string,
): Resource<TakingOverState> {
  const made = (before: string) => file(path, { content: contentFor(before), backup: true });
  const { kind, id, probe } = made('');
  return {
    kind,
    id,
    probe: {
      script: lines(sh`cat ${sources} 2>/dev/null; printf '\n%s\n' ${mark}`, probe.script),
      parse(out) {
        const end = out.indexOf(`\n${mark}\n`);
        return { before: out.toString('utf8', 0, end), file: probe.parse(out.subarray(end + mark.length + 2)) };
      },
    },
    diff: (state, seen) => made(state.before).diff(state.file, seen),
    apply: (host, changes, state) => made(state.before).apply(host, changes, state.file),
  };
}

const known = ['main', 'contrib', 'non-free', 'non-free-firmware'];

/** The components of Debian's archive that sources.list(5), in either of its forms, takes packages from; `main` always. */
export function componentsOf(before: string): readonly string[] {
  const words = before
    .split('\n')
    .filter((line) => /^\s*(?:deb\s|Components:)/.test(line))
    .flatMap((line) => line.replace(/#.*$/, '').split(/\s+/));
  return known.filter((name) => name === 'main' || words.includes(name));
}

/** Whether a repository of dnf.conf(5) is on: it is, unless its section says otherwise. */
export function isEnabled(before: string, repository: string): boolean {
  const section = before.split(/^\[/m).find((part) => part.startsWith(`${repository}]`));
  return section !== undefined && !/^enabled\s*=\s*(?:0|false|no|off)\s*$/im.test(section);
}
