import { type Context, type Probe, refused, sh } from '../../lib/index.ts';
import { clientEtcdctl, type ExternalEtcd, etcdctlPath } from '../kubeadm/index.ts';
import type { KubeadmInitVars } from './vars.ts';

/** Whether the external etcd holds a cluster; undefined = this host cannot ask yet. Fails (ProbeFailed) when etcd is silent. */
export function registryKeys(external: ExternalEtcd, prefix: string): Probe<boolean | undefined> {
  return {
    script: sh`[ -x ${etcdctlPath} ] && [ -s ${external.certFile} ] && [ -s ${external.keyFile} ] || { echo unknown; exit 0; }
${clientEtcdctl(external)}
keys=$(e get ${prefix} --prefix --keys-only --limit=1) || exit 1
[ -z "$keys" ] && echo empty || echo held`,
    parse(out) {
      const said = out.toString('utf8').trim();
      return said === 'unknown' ? undefined : said === 'held';
    },
  };
}

/**
 * The external etcd as an init sees it; undefined = etcd is stacked. Under `--check` one that is still to be made counts as
 * empty. @throws Refused when this host has no way to ask in a real run
 */
export async function askRegistry(
  context: Context,
  { etcd, apiServer }: KubeadmInitVars,
): Promise<boolean | undefined> {
  if (etcd.external === undefined) return undefined;
  const prefix = apiServer.extraArgs['etcd-prefix'] ?? '/registry';
  const held = await context.read(registryKeys(etcd.external, prefix));
  if (held !== undefined || context.check) return held ?? false;
  throw refused('this control plane has nothing to show to the external etcd', {
    mend: 'the role etcd-client gives it a certificate: run site.ts without --tags, or with --tags etcd-client',
  });
}
