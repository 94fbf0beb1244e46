import type { X509Certificate } from 'node:crypto';
import { type Probe, type Resource, type Secret, secret, sh } from '../../lib/index.ts';
import { certificateIn } from './certificate.ts';
import { authorityMade } from './certificate-scripts.ts';
import { authorityFiles } from './paths.ts';

/** What an etcd host has of the CA. */
export interface AuthorityState {
  /** PEM of its certificate; undefined = none */
  readonly pem: string | undefined;
  /** the private key of that certificate is there: this host can sign */
  readonly signs: boolean;
}

const { certFile, keyFile } = authorityFiles;

export const authorityState: Probe<AuthorityState> = {
  script: sh`[ -s ${certFile} ] || exit 0
key=$(openssl pkey -in ${keyFile} -pubout 2>/dev/null) && [ "$key" = "$(openssl x509 -in ${certFile} -noout -pubkey 2>/dev/null)" ] &&
  echo signs
cat ${certFile}`,
  parse(out) {
    const text = out.toString('utf8');
    return { pem: certificateIn(text)?.toString(), signs: /^signs$/m.test(text) };
  },
};

/** The CA's private key, for another etcd host: whichever of them is lost, the others can still sign. */
export const authorityKey: Probe<Secret<string>> = {
  // Whatever it prints is the key, so it never fails: what a failing probe prints is shown.
  script: sh`cat ${keyFile} 2>/dev/null; exit 0`,
  parse: (out) => secret(out.toString('utf8')),
};

/** This host has a CA for etcd. Only for one that nobody has a CA of yet. */
export function authorityHere(): Resource<AuthorityState> {
  return {
    kind: 'etcd-ca',
    id: certFile,
    probe: authorityState,
    diff: ({ pem, signs }) => (pem !== undefined && signs ? [] : [{ path: 'CA', to: 'made here, for ten years' }]),
    async apply(host) {
      await host.run(authorityMade(authorityFiles), { what: 'make the CA of etcd' });
    },
  };
}

export interface AuthorityScene {
  readonly name: string;
  readonly own: AuthorityState;
  /** the other etcd hosts; no state = cannot be reached */
  readonly others: readonly { readonly name: string; readonly state: AuthorityState | undefined }[];
  /** any etcd host holds data */
  readonly data: boolean;
  readonly assumeNoCluster: readonly string[];
}

export type AuthorityDecision =
  | { readonly act: 'keep' | 'make' }
  | { readonly act: 'copy'; readonly from: string }
  | { readonly act: 'refuse'; readonly why: string; readonly mend: string };

/** Where this host’s CA comes from. Pure. There is one CA, and every etcd host has all of it. */
export function decideAuthority({ name, own, others, data, assumeNoCluster }: AuthorityScene): AuthorityDecision {
  const all = [{ name, state: own }, ...others].flatMap(({ name: host, state }) =>
    state?.pem === undefined ? [] : [{ host, pem: state.pem, signs: state.signs }],
  );
  const [first] = all;
  const stranger = all.find(({ pem }) => fingerprint(pem) !== fingerprint(first?.pem ?? ''));
  if (first !== undefined && stranger !== undefined) {
    return {
      act: 'refuse',
      why: `${first.host} and ${stranger.host} have two different CAs for etcd`,
      mend: `remove ${certFile} and its key from the host that is not part of the cluster`,
    };
  }
  if (own.pem !== undefined && own.signs) return { act: 'keep' };
  const holder = all.find(({ signs }) => signs);
  if (holder !== undefined) return { act: 'copy', from: holder.host };
  return withoutHolder(first?.host, others, data, assumeNoCluster);
}

function withoutHolder(
  known: string | undefined,
  others: AuthorityScene['others'],
  data: boolean,
  assumeNoCluster: readonly string[],
): AuthorityDecision {
  const silent = others.filter(({ name, state }) => state === undefined && !assumeNoCluster.includes(name));
  if (silent.length > 0) {
    const names = silent.map(({ name }) => name).join(', ');
    return {
      act: 'refuse',
      why: `no reachable etcd host has the CA and its key, but ${names} cannot be reached and may`,
      mend: `bring ${names} back; if you know that there is no etcd on it, say so: assumeNoCluster: [${names}]`,
    };
  }
  if (known === undefined && !data) return { act: 'make' };
  return {
    act: 'refuse',
    why: known === undefined ? 'there is etcd data, but no CA' : `${known} has the CA, but nobody has its private key`,
    mend: `put ${certFile} and ${keyFile} back on one etcd host, from a backup`,
  };
}

const fingerprint = (pem: string): X509Certificate['fingerprint256'] | undefined => certificateIn(pem)?.fingerprint256;
