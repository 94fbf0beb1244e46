import { command, type Resource, sh } from '../../lib/index.ts';
import { type ApiServer, atLeast, type ClusterSettings, defineKubectl, kubeletConf } from '../kubeadm/index.ts';

/** The kubelet runs, and its Node is there: it registers a Node that was deleted when it starts. */
export function kubeletRestarted(name: string): Resource<unknown> {
  const registered = sh`[ "$(systemctl is-active kubelet)" = active ] &&
  [ -n "$(timeout 15 kubectl --kubeconfig ${kubeletConf} --request-timeout=10s get node ${name} --ignore-not-found -o name)" ]`;
  return command(`kubelet of ${name} registers its Node`, {
    changes: [{ path: 'kubelet', to: 'running, its Node registered' }],
    unless: registered,
    run: sh`systemctl restart kubelet || exit 1
n=0
until ${registered}; do
  n=$((n + 1)); [ $n -lt 45 ] || { echo "the kubelet runs but has not registered Node ${name}" >&2; exit 1; }
  sleep 2
done`,
    timeout: 180,
  });
}

/** The Node carries the labels and taints of a control plane, as kubeadm’s phase mark-control-plane gives them. */
export function nodeMarked(name: string, api: ApiServer, settings: ClusterSettings): Resource<unknown> {
  const label = 'node-role.kubernetes.io/control-plane';
  const labels = atLeast(settings.version, '1.24') ? [`${label}=`] : [`${label}=`, 'node-role.kubernetes.io/master='];
  const taints = taintsOf(settings);
  return command(`Node ${name} is marked as a control plane`, {
    unless: sh`${defineKubectl(api)}
labels=$(k get node ${name} -o 'jsonpath={.metadata.labels}') || exit 1
case $labels in *${label}*) ;; *) exit 1 ;; esac`,
    run: sh`${defineKubectl(api)}
${taints.length === 0 ? sh`` : sh`k taint node ${name} ${taints} --overwrite || exit 1`}
k label node ${name} ${labels} --overwrite`,
  });
}

function taintsOf({ taints, version }: ClusterSettings): readonly string[] {
  if (taints !== undefined) return taints.map(({ key, value, effect }) => `${key}=${value ?? ''}:${effect}`);
  return [`node-role.kubernetes.io/${atLeast(version, '1.24') ? 'control-plane' : 'master'}:NoSchedule`];
}
