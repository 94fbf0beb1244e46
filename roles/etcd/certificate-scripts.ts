import { lines, type Probe, type Script, sh } from '../../lib/index.ts';
import { authorityFiles } from './paths.ts';

interface Files {
  readonly certFile: string;
  readonly keyFile: string;
  readonly owner: string;
}

// In the form of SEC 1: kubeadm 1.20 cannot copy one of PKCS #8 to a host that joins ("unknown data found in Secret entry").
const newKey = (path: string): Script => sh`openssl ecparam -name prime256v1 -genkey -noout -out ${path}`;

// openssl's own configuration may be missing or say more than is wished.
const subject = (name: string, more: string): Script =>
  sh`printf '%s\n' '[req]' prompt=no distinguished_name=dn ${more} '[dn]' ${`CN=${name}`}`;

/** A private key beside the wished one, `KEY.new`; prints the request for it. */
export const request = ({ keyFile }: Files, name: string): Script => sh`umask 077
${newKey(`${keyFile}.new`)} || exit 1
${subject(name, '')} | openssl req -new -sha256 -config /dev/stdin -key ${`${keyFile}.new`}`;

/** The certificate on stdin takes its place together with the key that it was requested for. */
export const certificateInstalled = (files: Files): Script => sh`umask 077
cat >${`${files.certFile}.new`} || exit 1
key=$(openssl pkey -in ${`${files.keyFile}.new`} -pubout) || exit 1
[ "$key" = "$(openssl x509 -in ${`${files.certFile}.new`} -noout -pubkey)" ] || { echo 'not the certificate of this key' >&2; exit 1; }
chmod 0644 ${`${files.certFile}.new`} && chown ${`${files.owner}:`} ${`${files.keyFile}.new`} || exit 1
sync ${`${files.keyFile}.new`} ${`${files.certFile}.new`}
mv -f ${`${files.keyFile}.new`} ${files.keyFile} && mv -f ${`${files.certFile}.new`} ${files.certFile} || exit 1
${labelled([files.keyFile, files.certFile])}`;

export const keyOwned = ({ keyFile, owner }: Files): Script =>
  sh`chown ${`${owner}:`} ${keyFile} && chmod 0600 ${keyFile}`;

/** A CA of its own for etcd: ten years, its key for root alone. */
export const authorityMade = ({ certFile, keyFile }: Omit<Files, 'owner'>): Script => sh`umask 077
${newKey(`${keyFile}.new`)} || exit 1
{
  ${subject('etcd-ca', 'x509_extensions=ca')}
  printf '%s\n' '[ca]' basicConstraints=critical,CA:true subjectKeyIdentifier=hash \
    keyUsage=critical,digitalSignature,keyCertSign,cRLSign
} | openssl req -x509 -new -sha256 -days 3650 -config /dev/stdin -key ${`${keyFile}.new`} -out ${`${certFile}.new`} || exit 1
chmod 0644 ${`${certFile}.new`} && sync ${`${keyFile}.new`} ${`${certFile}.new`}
mv -f ${`${keyFile}.new`} ${keyFile} && mv -f ${`${certFile}.new`} ${certFile} || exit 1
${labelled([keyFile, certFile])}`;

export interface Signature {
  readonly request: string;
  readonly sans: readonly string[];
  readonly usage: 'clientAuth' | 'serverAuth,clientAuth';
  readonly days: number;
}

/**
 * The certificate for a request, made with the CA of the host that is asked; nothing is left there. Names and usage are those
 * given here, whatever the request says.
 */
export function signed({ request: asked, sans, usage, days }: Signature): Probe<string> {
  const names = sans.map((each) => (/^[\d.]+$/.test(each) ? `IP:${each}` : `DNS:${each}`));
  const extensions = [
    'basicConstraints=critical,CA:false',
    'keyUsage=critical,digitalSignature,keyEncipherment',
    `extendedKeyUsage=${usage}`,
    'subjectKeyIdentifier=hash',
    'authorityKeyIdentifier=keyid',
    ...(names.length === 0 ? [] : [`subjectAltName=${names.join(',')}`]),
  ];
  return {
    script: sh`printf '%s\n' ${extensions} | {
  exec 3<&0
  printf '%s\n' ${asked.trim()} | openssl x509 -req -sha256 -days ${days} -set_serial "0x$(openssl rand -hex 16)" \
    -CA ${authorityFiles.certFile} -CAkey ${authorityFiles.keyFile} -extfile /dev/fd/3
} 2>/dev/null || { echo 'openssl could not sign the request' >&2; exit 1; }`,
    parse: (out) => out.toString('utf8'),
  };
}

function labelled(paths: readonly string[]): Script {
  return lines(sh`if command -v selinuxenabled >/dev/null 2>&1 && selinuxenabled; then restorecon ${paths}; fi`);
}
