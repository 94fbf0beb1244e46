import { command, defineRole, line, sh } from '../../lib/index.ts';
import { selinuxVars } from './vars.ts';

/** Afterwards SELinux is permissive now and after a reboot, or untouched when `enforcing` is chosen. */
export const selinux = defineRole({
  name: 'selinux',
  vars: selinuxVars,
  async run({ facts, ensure, note }, { mode }) {
    if (facts.selinux === 'absent') return;
    if (mode === 'enforcing') {
      if (facts.selinux !== 'enforcing') note(`SELinux is ${facts.selinux} here, although enforcing is expected`);
      return;
    }
    // `disabled` allows as much; permissive would need the whole file system to be labelled anew first.
    if (facts.selinux === 'disabled') return;
    await ensure(
      line('/etc/selinux/config', { line: 'SELINUX=permissive', match: /^SELINUX=/ }),
      command('setenforce 0', {
        run: sh`setenforce 0`,
        unless: sh`[ "$(getenforce)" != Enforcing ]`,
        changes: [{ path: 'mode', from: 'enforcing', to: 'permissive' }],
      }),
    );
  },
});

export { selinuxVars } from './vars.ts';
