import { badInput, commandFailed } from '../errors.ts';
import { sh } from '../sh.ts';
import { atomicWrite } from './atomic-write.ts';
import type { Change, Resource, Writer } from './contract.ts';

export interface TimezoneState {
  /** what /etc/localtime leads to, below zoneinfo/: `Asia/Shanghai`; empty = no link, or elsewhere */
  readonly link: string;
  /** /etc/timezone, where there is such a file (Debian); its other readers are not told by the link */
  readonly named: string | undefined;
}

/** Afterwards /etc/localtime leads to this zone (localtime(5)), and /etc/timezone names it where that file is in use. */
export function timezone(name: string): Resource<TimezoneState> {
  if (!/^[A-Za-z0-9_+-]+(\/[A-Za-z0-9_+-]+)*$/.test(name)) throw badInput(`not the name of a time zone: ${name}`);
  return {
    kind: 'timezone',
    id: name,
    probe: {
      script: sh`
readlink /etc/localtime || echo
if [ -e /etc/timezone ] || [ -e /etc/debian_version ]; then echo debian; fi
if [ -r /etc/timezone ] && { read -r zone || [ "$zone" ]; } </etc/timezone; then printf '%s\n' "$zone"; fi
exit 0`,
      parse: parseTimezone,
    },
    diff: (state) => changesTo(name, state),
    apply: (host, _changes, state) => setTimezone(host, name, state),
    evidence: { paths: ['/etc/localtime'], digest: name },
  };
}

function parseTimezone(out: Buffer): TimezoneState {
  const [target = '', debian, named = ''] = out.toString().split('\n');
  return {
    link: /\/zoneinfo\/(.+)$/.exec(target)?.[1] ?? '',
    named: debian === 'debian' ? named.trim() : undefined,
  };
}

function changesTo(name: string, { link, named }: TimezoneState): readonly Change[] {
  const changes: Change[] = [];
  if (link !== name) changes.push({ path: '/etc/localtime', from: link || undefined, to: name });
  if (named !== undefined && named !== name)
    changes.push({ path: '/etc/timezone', from: named || undefined, to: name });
  return changes;
}

async function setTimezone(host: Writer, name: string, { named }: TimezoneState): Promise<void> {
  const zone = `/usr/share/zoneinfo/${name}`;
  // ln -sf would unlink first; a rename leaves no moment without a time zone.
  const script = sh`
[ -f ${zone} ] || exit 66
ln -sfn ${`..${zone}`} /etc/.localtime.konverge && mv -fT /etc/.localtime.konverge /etc/localtime`;
  const { code } = await host.run(script, { okCodes: [0, 66], what: `time zone ${name}` });
  if (code === 66) {
    throw commandFailed(`the host does not know the time zone ${name}: there is no ${zone}`, {
      mend: 'install tzdata, or correct the name (timedatectl list-timezones)',
      touched: false,
    });
  }
  if (named !== undefined && named !== name) {
    await atomicWrite(host, '/etc/timezone', { content: `${name}\n`, mode: 0o644, owner: 'root', group: 'root' });
  }
}
