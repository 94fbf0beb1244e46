import { block, defineRole, hostname as hostnameResource } from '../../lib/index.ts';
import { endpointUncontradicted } from './contradictions.ts';
import { keptByCloudInit, nowhereOnLoopback } from './own-name.ts';
import { hostnameVars } from './vars.ts';

/** Afterwards the host is called as in the inventory, and every host (and the API's name) is found in /etc/hosts. */
export const hostname = defineRole({
  name: 'hostname',
  dir: import.meta.dirname,
  vars: hostnameVars,
  async run({ host, inventory, ensure, template }, { endpoint }) {
    const entries = [
      ...inventory.map(({ name, address }) => ({ name, address })),
      ...(endpoint === undefined ? [] : [{ name: endpoint.name, address: endpoint.vip }]),
    ];
    await ensure(
      ...(endpoint === undefined ? [] : [endpointUncontradicted({ name: endpoint.name, address: endpoint.vip })]),
      hostnameResource(host.name),
      nowhereOnLoopback(host.name),
      block('/etc/hosts', { name: 'cluster', content: template('hosts.ejs', { entries }), create: true }),
      keptByCloudInit,
    );
  },
});

export { hostnameVars } from './vars.ts';
