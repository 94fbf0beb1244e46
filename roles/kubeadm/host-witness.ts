import { type Probe, type Script, sh } from '../../lib/index.ts';
import { type ApiServer, defineKubectl } from './kubectl.ts';
import { type NodeView, nodeTemplate, parseNode } from './node-view.ts';
import {
  adminConf,
  bootstrapConf,
  caFile,
  controlPlaneManifests,
  etcdManifest,
  initMark,
  kubeletConf,
  kubeletConfig,
  resetMark,
} from './paths.ts';
import type { Topology } from './settings.ts';

/** What one host says of itself: the files kubeadm leaves, the kubelet, its own API server. */
export interface HostWitness {
  /** those of kubeadm's files that are there, in full */
  readonly files: ReadonlySet<string>;
  /** KiB in etcd's data directory, when it holds a member */
  readonly etcdData: number | undefined;
  /** hex sha256 of the cluster's CA certificate as this host has it */
  readonly ca: string | undefined;
  /** the API that the kubelet talks to: `https://10.0.0.5:8443` */
  readonly server: string | undefined;
  readonly kubelet: 'healthy' | 'unhealthy' | 'stopped';
  /** undefined = this host runs none that admin.conf fits to */
  readonly api: 'ready' | 'failing' | undefined;
  /** kubeadm has stored its configuration in the cluster: init got that far */
  readonly configured: boolean;
  /** its own Node, asked with the kubelet's own credentials; undefined = none, or it could not ask */
  readonly node: NodeView | undefined;
  readonly initUnfinished: boolean;
  readonly resetUnfinished: boolean;
}

const known = [
  adminConf,
  '/etc/kubernetes/super-admin.conf',
  kubeletConf,
  bootstrapConf,
  '/etc/kubernetes/controller-manager.conf',
  '/etc/kubernetes/scheduler.conf',
  ...controlPlaneManifests,
  kubeletConfig,
  '/var/lib/kubelet/kubeadm-flags.env',
];

/**
 * One script that only reads; every answer is a line of its own. Without kubectl only the files speak. `dataDir` undefined:
 * kubeadm runs no etcd here.
 */
export function hostWitness(name: string, server: ApiServer, dataDir: string | undefined): Probe<HostWitness> {
  return { script: lookAround(name, server, dataDir), parse: (out) => parseWitness(out.toString('utf8')) };
}

function lookAround(name: string, server: ApiServer, dataDir: string | undefined): Script {
  return sh`for f in ${known}; do [ ! -e "$f" ] || echo "file $f"; done
find /etc/kubernetes/pki -type f 2>/dev/null | sed 's/^/file /'
${dataDir === undefined ? sh`:` : sh`[ ! -d ${dataDir}/member ] || echo "data $(du -sk ${dataDir} 2>/dev/null | cut -f1)"`}
[ ! -f ${caFile} ] || echo "ca $(sha256sum <${caFile} | cut -c1-64)"
[ ! -f ${kubeletConf} ] || sed -n 's/^ *server: */server /p' ${kubeletConf}
[ ! -e ${initMark} ] || echo unfinished init
[ ! -e ${resetMark} ] || echo unfinished reset
command -v kubectl >/dev/null 2>&1 || exit 0
if [ "$(systemctl is-active kubelet 2>/dev/null)" = active ]; then
  timeout 10 kubectl --kubeconfig /dev/null --server http://127.0.0.1:10248 --request-timeout=5s get --raw /healthz \
    >/dev/null 2>&1 && echo kubelet healthy || echo kubelet unhealthy
fi
if [ -f ${kubeletConf} ]; then
  echo "node $(timeout 15 kubectl --kubeconfig ${kubeletConf} --request-timeout=10s get node ${name} \
    --ignore-not-found -o ${nodeTemplate} 2>/dev/null)"
fi
if [ -f ${adminConf} ]; then
  ${defineKubectl(server)}
  if k get --raw /readyz >/dev/null 2>&1; then
    echo api ready
    [ -z "$(k -n kube-system get configmap kubeadm-config --ignore-not-found -o name 2>/dev/null)" ] || echo configured
  else
    echo api failing
  fi
fi
exit 0`;
}

function parseWitness(text: string): HostWitness {
  const said = text.split('\n').map((line) => {
    const [word = '', ...rest] = line.split(' ');
    return { word, rest: rest.join(' ').trim() };
  });
  const one = (word: string): string | undefined => said.find((line) => line.word === word)?.rest;
  const unfinished = said.filter(({ word }) => word === 'unfinished').map(({ rest }) => rest);
  const kubelet = one('kubelet');
  const api = one('api');
  const data = one('data');
  return {
    files: new Set(said.filter(({ word }) => word === 'file').map(({ rest }) => rest)),
    etcdData: data === undefined ? undefined : Number(data),
    ca: one('ca'),
    server: one('server'),
    kubelet: kubelet === 'healthy' || kubelet === 'unhealthy' ? kubelet : 'stopped',
    api: api === 'ready' || api === 'failing' ? api : undefined,
    configured: one('configured') !== undefined,
    node: parseNode(one('node') ?? ''),
    initUnfinished: unfinished.includes('init'),
    resetUnfinished: unfinished.includes('reset'),
  };
}

export type HostRole = 'control-plane' | 'worker';
export type FileState = 'none' | 'some' | 'kubelet' | 'all';

const workerFiles = [kubeletConf, caFile, kubeletConfig];
const controlPlaneFiles = (topology: Topology): readonly string[] => {
  const all = [...workerFiles, adminConf, ...controlPlaneManifests];
  return topology === 'stacked' ? all : all.filter((path) => path !== etcdManifest);
};
const ownAuthority = /^\/etc\/kubernetes\/pki\/(etcd\/)?(ca|front-proxy-ca|sa)\.(crt|key|pub)$/;

/** `none`; `some`: it never had a kubelet.conf; `kubelet`: it has one, but something is missing; `all`: complete. */
export function fileState(files: ReadonlySet<string>, role: HostRole, topology: Topology = 'stacked'): FileState {
  const wanted = role === 'worker' ? workerFiles : controlPlaneFiles(topology);
  if (wanted.every((path) => files.has(path))) return 'all';
  if (files.has(kubeletConf)) return 'kubelet';
  return files.size === 0 ? 'none' : 'some';
}

/** Nothing but a CA, which the operator may have put there for the first init to use. */
export function onlyAuthority(files: ReadonlySet<string>): boolean {
  return [...files].every((path) => ownAuthority.test(path));
}
