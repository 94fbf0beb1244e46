import { X509Certificate } from 'node:crypto';
import { type Probe, sh } from '../../lib/index.ts';

export interface Expiry {
  readonly path: string;
  readonly until: Date;
}

/** When the certificates of this control plane expire. Keys are not read. */
export const expiries: Probe<readonly Expiry[]> = {
  script: sh`cd /etc/kubernetes 2>/dev/null || exit 0
for f in pki/*.crt pki/etcd/*.crt etcd-client/client.crt; do
  [ ! -f "$f" ] || { echo "@@ $f"; cat "$f"; }
done
for f in admin.conf super-admin.conf controller-manager.conf scheduler.conf; do
  [ ! -f "$f" ] || { echo "@@ $f"; sed -n 's/^ *client-certificate-data: *//p' "$f" | base64 -d; }
done
exit 0`,
  parse: (out) =>
    out
      .toString('utf8')
      .split(/^@@ /m)
      .slice(1)
      .flatMap((part) => {
        const end = part.indexOf('\n');
        const pem = part.slice(end + 1);
        if (!pem.includes('BEGIN CERTIFICATE')) return [];
        return [{ path: part.slice(0, end), until: new Date(new X509Certificate(pem).validTo) }];
      }),
};

const day = 86_400_000;

/** The one that expires first, and how many whole days it has left. */
export function firstToExpire(all: readonly Expiry[], now: Date): (Expiry & { readonly days: number }) | undefined {
  const [first] = all.toSorted((a, b) => a.until.getTime() - b.until.getTime());
  if (first === undefined) return undefined;
  return { ...first, days: Math.floor((first.until.getTime() - now.getTime()) / day) };
}
