import { createHash, X509Certificate } from 'node:crypto';

/**
 * What `discovery.bootstrapToken.caCertHashes` wants: `sha256:` and the hash of the certificate's public key (SPKI, DER).
 * Computed here, so that no openssl is needed on a host. @throws when the text is no PEM certificate
 * @see https://kubernetes.io/docs/reference/setup-tools/kubeadm/kubeadm-join/#token-based-discovery-with-ca-pinning
 */
export function caCertHash(pem: string): string {
  const key = new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' });
  return `sha256:${createHash('sha256').update(key).digest('hex')}`;
}
