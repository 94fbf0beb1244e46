import { type Probe, sh } from '../../lib/index.ts';

export interface Surroundings {
  readonly hasNetworkManager: boolean;
  /** settings of files that are read after ours at boot, last one last */
  readonly later: readonly { readonly file: string; readonly key: string; readonly value: string }[];
}

/** What else has a say: NetworkManager, and the files that sysctl.d(5) sorts after `name`, whatever their folder. */
export function surroundings(name: string): Probe<Surroundings> {
  return {
    script: sh`
if [ -d /etc/NetworkManager/conf.d ]; then echo networkmanager; else echo none; fi
grep -s '' /dev/null /usr/lib/sysctl.d/*.conf /run/sysctl.d/*.conf /etc/sysctl.d/*.conf
exit 0`,
    parse(out) {
      const [first = '', ...rest] = out.toString().split('\n');
      return {
        hasNetworkManager: first === 'networkmanager',
        later: rest.flatMap(parseSetting).filter((each) => isAfter(each.file, name)),
      };
    },
  };
}

const isAfter = (file: string, name: string): boolean => file.slice(file.lastIndexOf('/') + 1) > name;

function parseSetting(line: string): Surroundings['later'] {
  const [, file, key, value] = /^(\/[^:]*):\s*-?([\w./*-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
  return file === undefined || key === undefined || value === undefined ? [] : [{ file, key: dotted(key), value }];
}

/** What a boot would set to something else than wished, in words. */
export function overriding(
  settings: Readonly<Record<string, string | number>>,
  { later }: Surroundings,
): readonly string[] {
  const wished = new Map(Object.entries(settings).map(([key, value]) => [dotted(key), tokens(String(value))]));
  return later.flatMap(({ file, key, value }) => {
    const wish = wished.get(key);
    if (wish === undefined || wish === tokens(value)) return [];
    return [`${file} sets ${key} = ${value} after us at boot (wished ${wish}): remove that line`];
  });
}

const dotted = (key: string): string => key.replaceAll('/', '.');
const tokens = (value: string): string => value.trim().split(/\s+/).join(' ');
