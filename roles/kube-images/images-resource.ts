import { image, imageName, KonvergeError, type Resource, type Script, sh } from '../../lib/index.ts';

export interface KubeImagesWish {
  readonly version: string;
  /** kubeadm's configuration; without it kubeadm would ask the internet for the newest patch (kubeadm issue 1041) */
  readonly config: string;
  readonly extra: readonly string[];
  readonly workerOnly: boolean;
}

export interface KubeImagesState {
  /** undefined = kubeadm is not there yet, or will not say */
  readonly wanted: readonly string[] | undefined;
  readonly said: string;
  readonly held: readonly string[];
}

/** What kubeadm lists for this configuration is in containerd's namespace of the kubelet. */
export function kubeImagesHeld(wish: KubeImagesWish): Resource<KubeImagesState> {
  const question = { script: questionOf(wish.config), parse: (out: Buffer) => parse(out, wish) };
  return {
    kind: 'images',
    id: `Kubernetes v${wish.version}`,
    probe: question,
    diff: (state) =>
      state.wanted === undefined
        ? [{ path: 'images', to: `all of v${wish.version}` }]
        : missing(state).map((ref) => ({ path: ref, to: 'pulled' })),
    async apply(host, changes) {
      const what = 'kubeadm config images list';
      const state = question.parse((await host.run(question.script, { what })).stdout);
      if (state.wanted === undefined) throw cannotSay(state, what);
      for (const ref of missing(state)) await image(ref).apply(host, changes, { present: false });
    },
  };
}

// kubeadm reads a file; a pipe is one, and leaves nothing behind.
const questionOf = (config: string): Script => sh`
socket=/run/containerd/containerd.sock
if command -v kubeadm >/dev/null; then
  { said=$(printf %s ${config} | kubeadm config images list --config /dev/stdin 2>&1 >&3); } 3>&1
  echo "#code $?"
  printf '%s\n' "$said"
fi
echo '#held'
if command -v ctr >/dev/null && [ -S "$socket" ]; then ctr --connect-timeout 5s -n k8s.io images ls -q; fi
:`;

function parse(out: Buffer, { extra, workerOnly }: KubeImagesWish): KubeImagesState {
  const [asked = '', held = ''] = out.toString().split('#held\n');
  const [list = '', code, said = ''] = asked.split(/^#code (\d+)\n/m);
  const listed = linesOf(list).filter((ref) => !workerOnly || ofEveryNode.test(ref));
  return {
    wanted: code === '0' ? [...listed, ...extra].map(imageName) : undefined,
    said: said.trim(),
    held: linesOf(held),
  };
}

/** CoreDNS may run anywhere; the rest of the control plane is static pods. */
const ofEveryNode = /(?:^|\/)(?:kube-proxy|pause|coredns)[:@]/;

const linesOf = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');

const missing = ({ wanted = [], held }: KubeImagesState): readonly string[] =>
  wanted.filter((ref) => !held.includes(ref));

const cannotSay = ({ said }: KubeImagesState, what: string): Error =>
  new KonvergeError('CommandFailed', 'kubeadm does not say which images it wants', {
    ran: `${what} --config …`,
    said: said === '' ? 'there is no kubeadm on this host' : said,
    mend: 'install kubeadm first (role kube-packages); what it says tells which var of the cluster it refuses',
    touched: false,
  });
