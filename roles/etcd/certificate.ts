import { X509Certificate } from 'node:crypto';
import { type Change, type Probe, type Resource, sh } from '../../lib/index.ts';
import { certificateInstalled, keyOwned, request } from './certificate-scripts.ts';

export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
  /** of the private key, which nobody else reads */
  readonly owner: string;
}

export interface CertificateWish {
  /** common name of the subject */
  readonly name: string;
  /** DNS names and IPv4 addresses that it is good for */
  readonly sans: readonly string[];
  /** PEM of the CA; undefined = it is still to be made (`--check`) */
  readonly authority: string | undefined;
}

export interface CertificateState {
  /** undefined = none, or none that can be read */
  readonly pem: string | undefined;
  /** the private key is there and is this certificate's */
  readonly keyFits: boolean;
  /** `600 etcd` of the key; '' = none */
  readonly keyMode: string;
  /** by the host's own clock */
  readonly now: Date;
}

/** Made anew when fewer remain. */
const fewDays = 90;
const day = 86_400_000;

/**
 * A certificate and its private key, of this CA, for exactly these names, with 90 days left at least. The key is made on the host
 * and does not leave it; `sign` turns a request (PEM) into a certificate (PEM).
 */
export function certificate(
  files: CertificateFiles,
  wish: CertificateWish,
  sign: (request: string) => Promise<string>,
): Resource<CertificateState> {
  return {
    kind: 'certificate',
    id: files.certFile,
    probe: certificateState(files),
    diff: (state) => certificateChanges(state, wish, files.owner),
    async apply(host, changes) {
      if (changes.every(({ path }) => path === 'key mode')) {
        await host.run(keyOwned(files), { what: `set mode of ${files.keyFile}` });
        return;
      }
      const asked = await host.run(request(files, wish.name), { what: `make key and request of ${wish.name}` });
      const signed = await sign(asked.stdout.toString('utf8'));
      await host.run(certificateInstalled(files), { stdin: signed, what: `install ${files.certFile}` });
    },
  };
}

export function certificateState({ certFile, keyFile }: CertificateFiles): Probe<CertificateState> {
  return {
    script: sh`echo "now $(date +%s)"
[ ! -e ${keyFile} ] || echo "mode $(stat -c '%a %U' ${keyFile})"
[ -s ${certFile} ] || exit 0
key=$(openssl pkey -in ${keyFile} -pubout 2>/dev/null) && [ "$key" = "$(openssl x509 -in ${certFile} -noout -pubkey 2>/dev/null)" ] &&
  echo fits
cat ${certFile}`,
    parse(out) {
      const text = out.toString('utf8');
      const now = Number(/^now (\d+)$/m.exec(text)?.[1] ?? 0) * 1000;
      return {
        pem: certificateIn(text)?.toString(),
        keyFits: /^fits$/m.test(text),
        keyMode: /^mode (.+)$/m.exec(text)?.[1] ?? '',
        now: new Date(now),
      };
    },
  };
}

/** The first certificate in a text. */
export function certificateIn(text: string): X509Certificate | undefined {
  const [pem] = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.exec(text) ?? [];
  try {
    return pem === undefined ? undefined : new X509Certificate(pem);
  } catch {
    // A file that was cut off.
    return undefined;
  }
}

export function certificateChanges(state: CertificateState, wish: CertificateWish, owner: string): readonly Change[] {
  const why = reasonToMake(state, wish);
  if (why !== undefined) {
    const to = [wish.name, ...wish.sans].filter((each, i, all) => all.indexOf(each) === i).join(', ');
    return [{ path: 'certificate', ...(why === 'none' ? {} : { from: why }), to: `for ${to}` }];
  }
  const mode = `600 ${owner}`;
  return state.keyMode === mode ? [] : [{ path: 'key mode', from: state.keyMode, to: mode }];
}

function reasonToMake(
  { pem, keyFits, now }: CertificateState,
  { sans, authority }: CertificateWish,
): string | undefined {
  if (pem === undefined) return 'none';
  const found = new X509Certificate(pem);
  if (authority === undefined || !isOf(found, authority)) return 'of another CA';
  if (!keyFits) return 'its private key is missing or another one';
  const names = namesOf(found);
  if (names.toSorted().join() !== [...new Set(sans)].toSorted().join()) return `for ${names.join(', ') || 'no name'}`;
  const days = Math.floor((new Date(found.validTo).getTime() - now.getTime()) / day);
  return days < fewDays ? `${days} days left` : undefined;
}

function isOf(found: X509Certificate, authority: string): boolean {
  const ca = new X509Certificate(authority);
  return found.checkIssued(ca) && found.verify(ca.publicKey);
}

const namesOf = ({ subjectAltName = '' }: X509Certificate): readonly string[] =>
  subjectAltName
    .split(', ')
    .map((each) => each.replace(/^(DNS|IP Address):/, ''))
    .filter((each) => each !== '');
