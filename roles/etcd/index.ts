import { type Context, defineRole } from '../../lib/index.ts';
import { authorityState } from './authority.ts';
import { ownFlags } from './flags.ts';
import { installed } from './install.ts';
import { memberWitness } from './member-witness.ts';
import { ownCertificates } from './own-certificates.ts';
import { askPeers, etcdHosts } from './peers.ts';
import { runMember } from './run-member.ts';
import { type EtcdVars, etcdVars } from './vars.ts';

/**
 * Afterwards the host runs a healthy, voting member of the one etcd of its group. One host at a time (`serial: 1`), the same way
 * for the first start, for growth and for a machine that was built anew.
 */
export const etcd = defineRole({
  name: 'etcd',
  dir: import.meta.dirname,
  vars: etcdVars,
  refuse({ version, heartbeatInterval, electionTimeout, extraArgs, etcdGroup, assumeNoCluster }, host, inventory) {
    const names = etcdHosts(inventory, etcdGroup).map(({ name }) => name);
    const [major = 0, minor = 0] = version.split('.').map(Number);
    return [
      ...(major === 3 && minor >= 4
        ? []
        : [`etcd ${version}: this role needs 3.4 or later, where a new member learns first`]),
      ...(electionTimeout >= 5 * heartbeatInterval ? [] : ['electionTimeout is less than five heartbeats']),
      ...Object.keys(extraArgs)
        .filter((flag) => ownFlags.includes(flag))
        .map((flag) => `extraArgs: ${flag} is set by the role`),
      ...(names.includes(host.name) ? [] : [`${host.name} is not in the group ${etcdGroup}`]),
      ...assumeNoCluster.filter((name) => !names.includes(name)).map((name) => `assumeNoCluster: no etcd host ${name}`),
    ];
  },
  run,
});

async function run(context: Context, vars: EtcdVars): Promise<void> {
  const { host, read } = context;
  const { basis, all } = installed(context, vars);
  await context.ensure(...all);
  const own = await read(memberWitness(host, vars.dataDir));
  const peers = await askPeers(context, vars.etcdGroup, (each) => memberWitness(each, vars.dataDir));
  const founder = founderBefore(context, vars);
  const authority = await ownCertificates(context, vars, {
    peers: await askPeers(context, vars.etcdGroup, () => authorityState),
    data: own.data || peers.some(({ state }) => state?.data),
    later: founder !== undefined,
  });
  await runMember(context, vars, { own, peers, basis: [...basis, ...authority], founder });
}

/** Under `--check`, the host whose turn would have come before this one's. */
function founderBefore({ check, host, inventory, lost }: Context, { etcdGroup }: EtcdVars): string | undefined {
  const first = etcdHosts(inventory, etcdGroup).find(({ name }) => !lost.has(name));
  return check && first?.name !== host.name ? first?.name : undefined;
}

export { authorityState } from './authority.ts';
export { certificate } from './certificate.ts';
export { signed } from './certificate-scripts.ts';
export { kubeletFreed } from './install.ts';
export { askPeers, etcdHosts } from './peers.ts';
export { certificateDays, etcdVars } from './vars.ts';
