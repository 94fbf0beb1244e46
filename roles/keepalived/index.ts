import { defineRole, type Facts, file, type HostView, pkg, refused, service, sh } from '../../lib/index.ts';
import { refuse } from './refuse.ts';
import { keepalivedVars } from './vars.ts';

/** Afterwards exactly one of the members holds the virtual address, and another takes it when its haproxy dies. */
export const keepalived = defineRole({
  name: 'keepalived',
  dir: import.meta.dirname,
  vars: keepalivedVars,
  refuse,
  async run({ ensure, facts, host, template, secretTemplate }, vars) {
    const { device, prefix } = placeOf(facts, host, vars.interface);
    const check = checkScript[facts.os.family];
    const script = file(check, { content: template('check-haproxy.sh.ejs', vars), mode: 0o755 });
    const settings = file('/etc/keepalived/keepalived.conf', {
      content: secretTemplate('keepalived.conf.ejs', {
        ...vars,
        ...host,
        check,
        device,
        prefix,
        priority: vars.members.find(({ name }) => name === host.name)?.priority,
        peers: vars.members.filter(({ name }) => name !== host.name).map(({ address }) => address),
        authPass: vars.authPass,
      }),
      mode: 0o600,
      backup: true,
      // Only 0 is well; 5 and 6 are settings that it would take and then not do (keepalived(8), --config-test).
      validate: (candidate) => sh`keepalived --config-test --use-file ${candidate}`,
    });
    await ensure(
      pkg(['keepalived', 'curl']),
      script,
      settings,
      service('keepalived.service', { enabled: true, running: true, reloadOn: [settings] }),
    );
  },
});

/**
 * keepalived runs no script that anyone but root could write to. On RHEL the folder decides the SELinux label of what is
 * made in it, and only the scripts of this one may do what a check does (keepalived.fc of selinux-policy).
 */
const checkScript = {
  debian: '/etc/keepalived/check-haproxy.sh',
  rhel: '/usr/libexec/keepalived/check-haproxy.sh',
} as const;

interface Place {
  readonly device: string;
  readonly prefix: string;
}

/** The interface for the VIP, and the prefix length of the network there. @throws Refused */
function placeOf(facts: Facts, host: HostView, wished: string | undefined): Place {
  const found = facts.interfaces.find(({ name, addresses }) =>
    wished === undefined ? addresses.some((each) => each.startsWith(`${host.address}/`)) : name === wished,
  );
  // The prefix must be of IPv4, as the VIP is; an interface may have nothing but a link-local address of IPv6.
  const ipv4 = found?.addresses.filter((each) => !each.includes(':')) ?? [];
  const own = ipv4.find((each) => each.startsWith(`${host.address}/`)) ?? ipv4[0];
  if (found !== undefined && own !== undefined) return { device: found.name, prefix: own.split('/')[1] ?? '32' };
  const there = facts.interfaces.map(({ name, addresses }) => `${name} (${addresses.join(' ')})`).join(', ');
  throw refused(`no interface ${wished ?? `with the address ${host.address}`}; there are: ${there}`, {
    mend: 'set keepalived.interface, or correct the address of the host in hosts.ts',
  });
}
