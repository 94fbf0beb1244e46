/** What a Node object says, as far as joining and verifying need it. */
export interface NodeView {
  readonly name: string;
  readonly ready: boolean;
  readonly internalIP: string | undefined;
  /** kubelet's version, without the `v` */
  readonly version: string;
  /** it carries the label of a control plane */
  readonly controlPlane: boolean;
  /** hard no: the network is not there; false or unknown otherwise */
  readonly networkUnavailable: boolean;
}

const condition = (type: string): string => `{.status.conditions[?(@.type=="${type}")].status}`;
const fields = [
  '{.metadata.name}',
  condition('Ready'),
  '{.status.addresses[?(@.type=="InternalIP")].address}',
  '{.status.nodeInfo.kubeletVersion}',
  '{.metadata.labels}',
  condition('NetworkUnavailable'),
];

/** kubectl -o value for one Node: one line, fields parted by `|`. jsonpath, since a whole Node is 15 KiB of JSON. */
export const nodeTemplate = `jsonpath=${fields.join('|')}`;
/** The same for a list of Nodes. */
export const nodesTemplate = `jsonpath={range .items[*]}${fields.join('|')}{"\\n"}{end}`;

/** One line of `nodeTemplate`; undefined when it holds no Node. */
export function parseNode(line: string): NodeView | undefined {
  const [name = '', ready, address = '', version = '', labels = '', network] = line.trim().split('|');
  if (name === '') return undefined;
  return {
    name,
    ready: ready === 'True',
    // Dual stack has two; the first is the one that --node-ip names first.
    internalIP: address.split(' ')[0] || undefined,
    version: version.replace(/^v/, ''),
    controlPlane: /node-role\.kubernetes\.io\/(control-plane|master)\b/.test(labels),
    networkUnavailable: network === 'True',
  };
}
