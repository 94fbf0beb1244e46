import { badInput } from '../errors.ts';
import { sh } from '../sh.ts';
import type { Resource, Writer } from './contract.ts';
import { runStaged, type Stages } from './staged-run.ts';

export interface ImageOptions {
  /** containerd's namespace; the kubelet's is `k8s.io`, the default */
  readonly namespace?: string;
}

export interface ImageState {
  readonly present: boolean;
}

const socket = '/run/containerd/containerd.sock';
const kubeletNamespace = 'k8s.io';

/**
 * containerd holds this image, pulled through the mirrors of /etc/containerd/certs.d.
 * @throws CommandFailed naming the reason: not found, refused, no containerd
 */
export function image(ref: string, { namespace = kubeletNamespace }: ImageOptions = {}): Resource<ImageState> {
  const name = imageName(ref);
  return {
    kind: 'image',
    id: ref,
    probe: {
      // A missing socket means no containerd; ctr itself would wait for one. The filter's value needs quotes of its own.
      script: sh`
if command -v ctr >/dev/null && [ -S ${socket} ]; then
  ctr --connect-timeout 5s -n ${namespace} images ls -q ${`name=="${name}"`} 2>/dev/null
fi
:`,
      parse: (out) => ({ present: out.toString().split('\n').includes(name) }),
    },
    diff: ({ present }) => (present ? [] : [{ path: 'image', to: name }]),
    apply: (host) => pull(host, name, namespace),
  };
}

/**
 * As containerd names it: registry and tag written out, and with a digest no tag (distribution/reference).
 * @throws BadInput
 */
export function imageName(ref: string): string {
  const [, path = '', tag, digest] =
    /^([a-z0-9][^\s@"]*?)(?::([\w][\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/i.exec(ref) ?? [];
  if (path === '' || path.endsWith('/') || path.includes('//')) throw badInput(`not the name of an image: '${ref}'`);
  const [first = '', ...rest] = path.split('/');
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const full = hasRegistry ? path : `docker.io/${rest.length > 0 ? path : `library/${path}`}`;
  return digest === undefined ? `${full}:${tag ?? 'latest'}` : `${full}@${digest}`;
}

/**
 * crictl pulls exactly as the kubelet will: through the CRI plugin with its own configuration. Where there is none (or the
 * namespace is another), ctr does it with the same folder of mirrors; the CRI plugin notices the new image by itself.
 */
async function pull(host: Writer, name: string, namespace: string): Promise<void> {
  const script = sh`
[ -S ${socket} ] || exit 70
command -v ctr >/dev/null || command -v crictl >/dev/null || exit 71
if [ ${namespace} = ${kubeletNamespace} ] && command -v crictl >/dev/null; then
  crictl --runtime-endpoint ${`unix://${socket}`} --image-endpoint ${`unix://${socket}`} pull ${name} || exit 72
else
  set --
  if [ -d /etc/containerd/certs.d ]; then set -- --hosts-dir /etc/containerd/certs.d; fi
  ctr -n ${namespace} images pull "$@" ${name} || exit 72
fi`;
  await runStaged(host, script, stages(name), { what: `pull ${name}`, timeout: 1800 });
}

const stages = (name: string): Stages => ({
  70: {
    message: `${name} cannot be pulled: containerd does not run on this host`,
    mend: 'start containerd first (role containerd); journalctl -u containerd says why it does not',
    touched: false,
  },
  71: { message: `${name} cannot be pulled: the host has neither crictl nor ctr`, mend: 'install one', touched: false },
  72: {
    message: `${name} cannot be pulled`,
    mend: 'check name and tag, and the mirrors in /etc/containerd/certs.d; ctr -n k8s.io images pull --hosts-dir /etc/containerd/certs.d shows more',
  },
});
