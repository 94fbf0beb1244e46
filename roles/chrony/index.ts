import { defineRole, file, gate, pkg, service, sh, timezone, unit } from '../../lib/index.ts';
import { chronyVars } from './vars.ts';

const paths = {
  rhel: {
    conf: '/etc/chrony.conf',
    unit: 'chronyd.service',
    drift: '/var/lib/chrony/drift',
    keys: '/etc/chrony.keys',
    options: '-F 2',
  },
  debian: {
    conf: '/etc/chrony/chrony.conf',
    unit: 'chrony.service',
    drift: '/var/lib/chrony/chrony.drift',
    keys: '/etc/chrony/chrony.keys',
    options: '-F 1',
  },
} as const;

/** Afterwards chrony keeps the clock by the given servers, alone, and the time zone is as said. */
export const chrony = defineRole({
  name: 'chrony',
  dir: import.meta.dirname,
  vars: chronyVars,
  async run({ facts, ensure, template }, vars) {
    const os = paths[facts.os.family];
    const container = facts.container !== undefined;
    const conf = file(os.conf, {
      content: template('chrony.conf.ejs', { ...vars, ...os, container }),
      validate: (candidate) => sh`chronyd -p -f ${candidate}`,
      backup: true,
    });
    const onlyWatch = unit(os.unit, { dropIn: 'konverge-container', content: onlyWatching(os.options) });
    await ensure(
      // Two that set one clock work against each other. First, as Debian's chrony takes its package away.
      service('systemd-timesyncd.service', { enabled: false, running: false }),
      pkg(['chrony', 'tzdata']),
      ...(vars.timezone === undefined ? [] : [timezone(vars.timezone)]),
      conf,
      ...(container ? [onlyWatch] : []),
      service(os.unit, { enabled: true, running: true, restartOn: container ? [conf, onlyWatch] : [conf] }),
      ...(vars.waitForSync === undefined ? [] : [synchronised(vars.waitForSync)]),
    );
  },
});

/** A container shares the machine's clock: -x serves and watches the time and never sets it, chronyd(8). */
const onlyWatching = (options: string): string => `[Unit]
ConditionCapability=

[Service]
ExecStart=
ExecStart=!/usr/sbin/chronyd -x ${options}
`;

const synchronised = (seconds: number): ReturnType<typeof gate> =>
  gate('the clock is synchronised', {
    // A source that is selected. "Leap status: Normal" also holds for a clock that follows nothing but itself.
    until: sh`chronyc -n sources | grep -q '^[\^=#]\*'`,
    seconds,
    mend: 'chronyc -n sources on the host shows which servers answer; UDP port 123 to them must be open',
  });

export { chronyVars } from './vars.ts';
