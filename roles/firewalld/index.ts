import { defineRole, file, pkg, service } from '../../lib/index.ts';
import { openings, serviceXml } from './openings.ts';
import { firewalldVars } from './vars.ts';
import { zones } from './zones.ts';

/** Afterwards no firewall runs, or firewalld runs and lets through what the cluster needs. */
export const firewalld = defineRole({
  name: 'firewalld',
  vars: firewalldVars,
  refuse: ({ mode, podSubnet }) =>
    mode === 'rules' && podSubnet === undefined ? ['firewalld: with mode rules, podSubnet is needed'] : [],
  async run({ ensure }, vars) {
    if (vars.mode === 'off') {
      // Ubuntu's ufw drops as much; a host that has neither is as wished.
      const off = { enabled: false, running: false };
      await ensure(service('firewalld.service', off), service('ufw.service', off));
      return;
    }
    const opened = file('/etc/firewalld/services/konverge.xml', { content: serviceXml(openings(vars)) });
    const trusted = [vars.podSubnet, vars.serviceSubnet].flatMap((each) => each ?? []);
    await ensure(
      pkg('firewalld'),
      opened,
      service('firewalld.service', { enabled: true, running: true, reloadOn: [opened] }),
      zones(trusted),
    );
  },
});

export { firewalldVars } from './vars.ts';
