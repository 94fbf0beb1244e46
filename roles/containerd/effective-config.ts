import { type Change, type Resource, refused, sh } from '../../lib/index.ts';
import { parseDump, type Setting } from './config.ts';

/** What containerd would run with, all imported files and defaults included. */
type Effective = ReadonlyMap<string, string>;

/**
 * containerd, asked itself, has all of these settings and has not disabled its CRI plugin. Changes nothing: another file
 * that config.toml imports, or `extra`, may say otherwise, and then somebody must decide. @throws Refused (from apply)
 */
export function effectiveConfig(program: string, wished: readonly Setting[]): Resource<Effective> {
  return {
    kind: 'effective',
    id: 'containerd config',
    gate: true,
    probe: {
      script: sh`[ ! -x ${program} ] || ${program} config dump 2>/dev/null; exit 0`,
      parse: (out) => parseDump(out.toString('utf8')),
    },
    diff: (state) => differences(state, wished),
    async apply(_host, changes) {
      const words = changes.map(({ path, from, to }) => `${path} is ${from ?? 'not set'}, must be ${to}`);
      throw refused(`containerd's effective configuration is not what Kubernetes needs: ${words.join('; ')}`, {
        ran: `${program} config dump`,
        mend: 'look at the extra TOML in the vars and at the files that /etc/containerd/config.toml imports',
      });
    },
  };
}

function differences(state: Effective, wished: readonly Setting[]): readonly Change[] {
  const wrong = wished.flatMap(({ table, key, value }): readonly Change[] => {
    const is = state.get(`${table}|${key}`);
    return is === value ? [] : [{ path: key, from: is, to: value }];
  });
  const disabled = state.get('|disabled_plugins') ?? '[]';
  return /cri/.test(disabled) ? [...wrong, { path: 'disabled_plugins', from: disabled, to: 'without cri' }] : wrong;
}
