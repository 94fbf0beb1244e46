import { type Resource, refused, sh } from '../../lib/index.ts';

export interface Entry {
  readonly name: string;
  readonly address: string;
}

/**
 * No line of /etc/hosts outside our block sends the API's name elsewhere: hosts(5) is read from the top, so kubeadm and every kubelet
 * would go there. @throws Refused (from diff, also under `--check`): who wrote that line must say what it is for
 */
export function endpointUncontradicted(endpoint: Entry): Resource<string> {
  return {
    kind: 'conflicts',
    id: `/etc/hosts: ${endpoint.name}`,
    probe: { script: sh`cat /etc/hosts 2>/dev/null; exit 0`, parse: (out) => out.toString('utf8') },
    diff(text) {
      const [first] = contradictions(text, endpoint);
      if (first === undefined) return [];
      throw refused(`/etc/hosts says ${first} for ${endpoint.name}, the API's name; the vars say ${endpoint.address}`, {
        mend: `remove that line of /etc/hosts, or correct cluster.endpoint`,
      });
    },
    apply: () => Promise.resolve(),
  };
}

/** The addresses that lines outside of our block give for the name. */
export function contradictions(text: string, { name, address }: Entry): readonly string[] {
  return text
    .replace(/^# BEGIN cluster \(konverge\)$[^]*?^# END cluster \(konverge\)$/m, '')
    .split('\n')
    .map((line) => line.replace(/#.*$/, '').trim().split(/\s+/))
    .flatMap(([to = '', ...names]) =>
      to !== address && names.some((each) => each.toLowerCase() === name) ? [to] : [],
    );
}
