import { command, defineRole, file, pkg, type Script, service, sh } from '../../lib/index.ts';
import { haproxyVars } from './vars.ts';

/** Afterwards haproxy hands connections on its port to the API servers that are ready. */
export const haproxy = defineRole({
  name: 'haproxy',
  dir: import.meta.dirname,
  vars: haproxyVars,
  refuse: ({ port, livenessPort, backends }, host) => [
    ...backends.flatMap((backend) =>
      backend.address === host.address && (backend.port === port || backend.port === livenessPort)
        ? [
            `haproxy cannot listen on ${backend.port} beside the API server that has it: choose another port, such as 8443`,
          ]
        : [],
    ),
    ...(port === livenessPort ? [`port and livenessPort are both ${port}`] : []),
  ],
  async run({ ensure, facts, template }, vars) {
    const settings = file('/etc/haproxy/haproxy.cfg', {
      content: template('haproxy.cfg.ejs', vars),
      validate: withoutWarnings,
      // What an operator had there may be all that says how something else was balanced.
      backup: true,
    });
    // Enforcing SELinux lets haproxy connect to few port types, and 6443 is none of them.
    const allowed = facts.selinux === 'enforcing' ? [connectAny] : [];
    await ensure(
      pkg('haproxy'),
      ...allowed,
      settings,
      service('haproxy.service', { enabled: true, running: true, reloadOn: [settings] }),
    );
  },
});

/** `haproxy -c` succeeds on much that it warns about; here a warning is a mistake. */
const withoutWarnings = (candidate: string): Script => sh`
said=$(haproxy -c -f ${candidate} 2>&1) || { printf '%s\n' "$said" >&2; exit 1; }
case $said in *'[WARNING]'*) printf '%s\n' "$said" >&2; exit 1;; esac`;

const connectAny = command('SELinux boolean haproxy_connect_any', {
  unless: sh`getsebool haproxy_connect_any | grep -q ' on$'`,
  run: sh`setsebool -P haproxy_connect_any on`,
});
