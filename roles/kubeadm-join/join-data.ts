import { randomBytes } from 'node:crypto';
import { command, output, type Resource, reveal, type Secret, secret, sh } from '../../lib/index.ts';
import {
  type ApiServer,
  adminConf,
  type ClusterSettings,
  defineKubectl,
  initConfig,
  type Machine,
  planned,
} from '../kubeadm/index.ts';

/** A text with secrets in it, opened only on its way to a host’s stdin. */
export type HiddenText = Secret<{ readonly text: string }>;

const tokenPattern = /^([a-z0-9]{6})\.[a-z0-9]{16}$/m;

/** A bootstrap token for one join, minted on a control plane; its out is a Secret. kubeadm lets it die after 15 minutes. */
export function bootstrapToken(joining: string): Resource<unknown, Secret<string>> {
  return output(`bootstrap token for ${joining}`, {
    run: sh`kubeadm token create --kubeconfig ${adminConf} --ttl 15m --description ${`konverge: join of ${joining}`}`,
    secret: true,
    parse(stdout) {
      const [token] = tokenPattern.exec(stdout) ?? [];
      if (token === undefined) throw new TypeError('kubeadm token create printed no token');
      return secret(token);
    },
  });
}

/** 32 random bytes that only the joining host and the control plane that encrypts will know. */
export const certificateKey = (): Secret<string> => secret(randomBytes(32).toString('hex'));

interface Upload {
  readonly joining: string;
  readonly via: Machine;
  readonly controlPlanes: readonly Machine[];
  readonly settings: ClusterSettings;
  readonly key: Secret<string>;
}

/** The cluster’s keys lie in the API, encrypted with `key`, for the joining control plane to fetch. */
export function certificatesUploaded({ joining, via, controlPlanes, settings, key }: Upload): Resource<undefined> {
  const text = initConfig({ settings, machine: via, controlPlanes, certificateKey: reveal(key) });
  // The key in the file is honoured only with --upload-certs, and kubeadm would print it.
  const run = sh`rm -rf /run/konverge-certs.*
d=$(mktemp -d /run/konverge-certs.XXXXXX) || exit 1
trap 'rm -rf "$d"' EXIT
trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 143' TERM
cat >"$d/config.yaml" || exit 1
kubeadm init phase upload-certs --upload-certs --skip-certificate-key-print --config "$d/config.yaml" >/dev/null </dev/null`;
  const self: Resource<undefined> = {
    kind: 'kubeadm-certs',
    id: `certificates for ${joining}`,
    probe: { script: sh`:`, parse: () => undefined },
    // Encrypted with a key made for this join, so whatever lies there is of no use: it is done each time, once.
    diff: (_state, seen) => (seen.changed(self) ? [] : [{ path: 'certificates', to: 'uploaded, encrypted' }]),
    async apply(host) {
      await host.run(run, { stdin: Buffer.from(text), what: 'kubeadm init phase upload-certs', timeout: 120 });
    },
  };
  return self;
}

/** The token of a join, and the uploaded certificates, are of no use to anybody any more. `token` undefined: not made yet. */
export function joinDataRevoked(
  joining: string,
  token: Secret<string> | undefined,
  via: ApiServer,
  withCertificates: boolean,
): Resource<unknown> {
  const id = `join data of ${joining} revoked`;
  const changes = [{ path: 'join data', to: 'revoked' }];
  if (token === undefined) return planned('command', id, changes);
  // The id is the public half of a token.
  const secrets = [`bootstrap-token-${reveal(token).slice(0, 6)}`, ...(withCertificates ? ['kubeadm-certs'] : [])];
  return command(id, {
    changes,
    unless: sh`${defineKubectl(via)}
left=$(k -n kube-system get secret ${secrets} --ignore-not-found -o name) && [ -z "$left" ]`,
    // kubeadm-certs is owned by a token of two hours that exists only to be its clock.
    run: sh`${defineKubectl(via)}
clock=$(k -n kube-system get secret ${secrets} --ignore-not-found \
  -o 'jsonpath={.items[*].metadata.ownerReferences[*].name} {.metadata.ownerReferences[*].name}')
k -n kube-system delete secret ${secrets} $clock --ignore-not-found`,
  });
}
