import { type Context, type HostView, type Probe, type Reach } from '../../lib/index.ts';
import { ifReachable, reachOf } from '../kubeadm/index.ts';

export interface Peer<State> {
  readonly name: string;
  readonly reach: Reach | undefined;
  /** undefined = it cannot be reached */
  readonly state: State | undefined;
}

export const etcdHosts = (inventory: readonly HostView[], group: string): readonly HostView[] =>
  inventory.filter(({ groups }) => groups.includes(group));

/** Asks every etcd host but this one the same, all at once. */
export function askPeers<State>(
  context: Context,
  group: string,
  question: (host: HostView) => Probe<State>,
): Promise<readonly Peer<State>[]> {
  const others = etcdHosts(context.inventory, group).filter(({ name }) => name !== context.host.name);
  return Promise.all(
    others.map(async (host) => {
      const reach = await reachOf(context, host.name);
      const state = reach && (await ifReachable(() => reach.read(question(host))));
      return { name: host.name, reach, state };
    }),
  );
}
