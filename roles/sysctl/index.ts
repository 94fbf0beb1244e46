import { defineRole, file, kernelModule, service, sysctls } from '../../lib/index.ts';
import { overriding, surroundings } from './surroundings.ts';
import { sysctlVars } from './vars.ts';

/** Afterwards the modules are loaded and the parameters set, now and after each boot. */
export const sysctl = defineRole({
  name: 'sysctl',
  vars: sysctlVars,
  async run({ ensure, read, note }, { modules, settings, networkManager }) {
    // After 99-sysctl.conf, which leads to /etc/sysctl.conf on both families: the last file has the last word, sysctl.d(5).
    const name = '99-zz-konverge.conf';
    // Modules first: net.bridge.* and net.netfilter.* exist only with theirs.
    const [, parameters] = await ensure(kernelModule(modules, { persist: 'konverge' }), sysctls(name, settings));
    for (const text of parameters.out?.notSettable ?? []) note(`not settable here: ${text}`);

    const around = await read(surroundings(name));
    for (const text of overriding(settings, around)) note(text);
    if (!around.hasNetworkManager || networkManager === 'leave') return;
    const unmanaged = file('/etc/NetworkManager/conf.d/90-konverge.conf', { content: unmanagedDevices });
    await ensure(
      unmanaged,
      // Asks the cloud for addresses and takes the default route over, also from a running CNI.
      service('nm-cloud-setup.timer', { enabled: false, running: false }),
      service('nm-cloud-setup.service', { enabled: false, running: false }),
      service('NetworkManager', { reloadOn: [unmanaged] }),
    );
  },
});

// NetworkManager.conf(5); the names are Calico's and those of the other common network plugins. `+=`, as `=` would give
// NetworkManager back what the operator or the distribution (10-globally-managed-devices.conf) keeps from it.
const unmanagedDevices = `[keyfile]
unmanaged-devices+=interface-name:cali*;interface-name:tunl*;interface-name:vxlan.calico;interface-name:vxlan-v6.calico;interface-name:wireguard.cali;interface-name:wg-v6.cali;interface-name:kube-ipvs0;interface-name:nodelocaldns
`;

export { sysctlVars } from './vars.ts';
