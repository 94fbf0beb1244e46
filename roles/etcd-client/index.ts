import { dirname } from 'node:path';
import { archive, type Context, defineRole, directory, file, pkg, type Reach, refused } from '../../lib/index.ts';
import { sourceFor } from '../artifact/index.ts';
import { askPeers, authorityState, certificate, kubeletFreed, signed } from '../etcd/index.ts';
import { ifReachable, planned } from '../kubeadm/index.ts';
import { type EtcdClientVars, etcdClientVars } from './vars.ts';

/**
 * Afterwards the API server of this control plane can speak to an external etcd: the CA, a certificate of it and its key are there.
 * Any etcd host signs; the private key is made here. kubeadm copies that of one control plane, encrypted, to every one that
 * joins. And there is an etcdctl.
 */
export const etcdClient = defineRole({
  name: 'etcd-client',
  vars: etcdClientVars,
  refuse: ({ caFile, certFile, keyFile }) =>
    new Set([caFile, certFile, keyFile].map((path) => dirname(path))).size === 1
      ? []
      : ['caFile, certFile and keyFile must be in one folder, which the API server is shown'],
  run,
});

async function run(context: Context, vars: EtcdClientVars): Promise<void> {
  const { facts, host, ensure } = context;
  const program = archive('/usr/local/bin', {
    name: 'etcdctl',
    strip: 1,
    ...sourceFor(facts, 'etcd', vars.source),
    members: { etcdctl: 'etcdctl' },
  });
  await ensure(
    pkg('openssl'),
    // An etcd host has it already.
    ...(host.groups.includes(vars.etcdGroup) ? [] : [program]),
    directory(dirname(vars.certFile), { mode: 0o700 }),
    kubeletFreed,
  );
  const signer = await findSigner(context, vars);
  if (signer === undefined) return promise(context, vars);
  const sign = (request: string): Promise<string> =>
    signer.reach.read(signed({ request, sans: [], usage: 'clientAuth', days: vars.certificateDays }));
  const wish = { name: 'kube-apiserver-etcd-client', sans: [], authority: signer.pem };
  await ensure(
    file(vars.caFile, { content: signer.pem }),
    certificate({ certFile: vars.certFile, keyFile: vars.keyFile, owner: 'root' }, wish, sign),
  );
}

interface Signer {
  readonly reach: Reach;
  readonly pem: string;
}

/** The first etcd host that has the CA with its key; undefined under `--check` when it is still to be made. @throws Refused */
async function findSigner(context: Context, { etcdGroup }: EtcdClientVars): Promise<Signer | undefined> {
  const here = context.host.groups.includes(etcdGroup)
    ? [{ name: context.host.name, reach: context, state: await ifReachable(() => context.read(authorityState)) }]
    : [];
  for (const { reach, state } of [...here, ...(await askPeers(context, etcdGroup, () => authorityState))]) {
    if (reach !== undefined && state?.pem !== undefined && state.signs) return { reach, pem: state.pem };
  }
  if (context.check) return undefined;
  throw refused('no etcd host that has the CA of etcd can be reached', {
    mend: 'look at the play before this one (etcd): one of its hosts is enough',
  });
}

/** What a real run will ensure once there is a CA. */
async function promise({ ensure }: Context, { caFile, certFile }: EtcdClientVars): Promise<void> {
  await ensure(
    planned('file', caFile, [{ path: 'file', to: '0644 root:root' }]),
    planned('certificate', certFile, [{ path: 'certificate', to: 'for kube-apiserver-etcd-client' }]),
  );
}

export { etcdClientVars } from './vars.ts';
