import { type AnyResource, type Context, file, refused } from '../../lib/index.ts';
import { planned } from '../kubeadm/index.ts';
import { type AuthorityState, authorityHere, authorityKey, authorityState, decideAuthority } from './authority.ts';
import { certificate } from './certificate.ts';
import { signed } from './certificate-scripts.ts';
import { account, authorityFiles, memberFiles } from './paths.ts';
import type { Peer } from './peers.ts';
import type { EtcdVars } from './vars.ts';

export interface CertificateTurn {
  readonly peers: readonly Peer<AuthorityState>[];
  /** any etcd host, this one included, holds data */
  readonly data: boolean;
  /** under `--check`: another host will have made the CA by the time it is this one's turn */
  readonly later: boolean;
}

/** The CA as this host has it now. */
interface Trusted {
  /** undefined = it will only be made by a real run */
  readonly pem: string | undefined;
  /** what etcd is to be restarted on */
  readonly basis: readonly AnyResource[];
}

/**
 * Afterwards this host has the CA with its key, and a certificate of it for its own name and addresses. What it returns is
 * what etcd is to be restarted on: it reads its own certificate anew by itself, the CA's only at its start. @throws Refused
 */
export async function ownCertificates(
  context: Context,
  vars: EtcdVars,
  turn: CertificateTurn,
): Promise<readonly AnyResource[]> {
  const { host, ensure, read } = context;
  const { pem, basis } = await trusted(context, vars, turn);
  const sans = [host.name, host.address, 'localhost', '127.0.0.1'];
  const sign = (request: string): Promise<string> =>
    read(signed({ request, sans, usage: 'serverAuth,clientAuth', days: vars.certificateDays }));
  await ensure(certificate({ ...memberFiles, owner: account }, { name: host.name, sans, authority: pem }, sign));
  return basis;
}

async function trusted(context: Context, { assumeNoCluster }: EtcdVars, turn: CertificateTurn): Promise<Trusted> {
  const { host, ensure, read } = context;
  const { peers, data, later } = turn;
  const own = await read(authorityState);
  const decision = decideAuthority({ name: host.name, own, others: peers, data, assumeNoCluster });
  switch (decision.act) {
    case 'refuse':
      throw refused(decision.why, { mend: decision.mend });
    case 'keep':
      return kept(context, own.pem);
    case 'copy':
      return copied(
        context,
        peers.find(({ name }) => name === decision.from),
      );
    default:
      if (later) return promised(context);
      await ensure(authorityHere());
      return kept(context, (await read(authorityState)).pem);
  }
}

async function kept({ ensure }: Context, pem: string | undefined): Promise<Trusted> {
  if (pem === undefined) return { pem, basis: [] };
  const basis = [file(authorityFiles.certFile, { content: pem })];
  await ensure(...basis);
  return { pem, basis };
}

async function copied(context: Context, from: Peer<AuthorityState> | undefined): Promise<Trusted> {
  if (from?.reach === undefined) throw refused('the host that has the CA of etcd can no longer be reached');
  const key = await from.reach.read(authorityKey);
  // The key first: a certificate alone would be a CA that cannot sign.
  await context.ensure(file(authorityFiles.keyFile, { content: key, mode: 0o600 }));
  return kept(context, from.state?.pem);
}

/** What a real run will have copied from the host that makes the CA before. */
async function promised({ ensure }: Context): Promise<Trusted> {
  await ensure(
    planned('file', authorityFiles.keyFile, [{ path: 'file (secret)', to: '0600 root:root' }]),
    planned('file', authorityFiles.certFile, [{ path: 'file', to: '0644 root:root' }]),
  );
  return { pem: undefined, basis: [] };
}
