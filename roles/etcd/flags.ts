import { authorityFiles, memberFiles } from './paths.ts';

/** What a member's command line is made from. */
export interface MemberSettings {
  readonly name: string;
  readonly address: string;
  /** where clients are listened to */
  readonly clientAddresses: readonly string[];
  readonly dataDir: string;
  readonly heartbeatInterval: number;
  readonly electionTimeout: number;
  /** MiB */
  readonly quota: number;
  readonly snapshotCount: number;
  readonly extraArgs: Readonly<Record<string, string>>;
}

export const clientUrl = (address: string): string => `https://${address}:2379`;

/**
 * etcd's flags but for those of its beginning, which lie in a file of their own: they change with every member that comes,
 * and mean nothing once there is data. @see https://etcd.io/docs/v3.5/op-guide/configuration/
 */
export function memberFlags(settings: MemberSettings): readonly string[] {
  return Object.entries({ ...fixedFlags(settings), ...settings.extraArgs }).map(
    ([flag, value]) => `--${flag}=${value}`,
  );
}

function fixedFlags({ name, address, clientAddresses, dataDir, ...settings }: MemberSettings) {
  return {
    name,
    'data-dir': dataDir,
    'listen-client-urls': clientAddresses.map(clientUrl).join(','),
    'advertise-client-urls': clientUrl(address),
    'listen-peer-urls': `https://${address}:2380`,
    // Plain HTTP, as kubeadm has it: for this host alone.
    'listen-metrics-urls': 'http://127.0.0.1:2381',
    'cert-file': memberFiles.certFile,
    'key-file': memberFiles.keyFile,
    'trusted-ca-file': authorityFiles.certFile,
    'client-cert-auth': 'true',
    'peer-cert-file': memberFiles.certFile,
    'peer-key-file': memberFiles.keyFile,
    'peer-trusted-ca-file': authorityFiles.certFile,
    'peer-client-cert-auth': 'true',
    'heartbeat-interval': String(settings.heartbeatInterval),
    'election-timeout': String(settings.electionTimeout),
    'quota-backend-bytes': String(settings.quota * 1024 * 1024),
    'snapshot-count': String(settings.snapshotCount),
    logger: 'zap',
  };
}

const anyMember: MemberSettings = {
  name: '',
  address: '',
  clientAddresses: [],
  dataDir: '',
  heartbeatInterval: 0,
  electionTimeout: 0,
  quota: 0,
  snapshotCount: 0,
  extraArgs: {},
};

/** Flags that extraArgs must not give. */
export const ownFlags: readonly string[] = [
  ...Object.keys(fixedFlags(anyMember)).filter((flag) => flag !== 'listen-metrics-urls' && flag !== 'logger'),
  'config-file',
  'initial-cluster',
  'initial-cluster-state',
  'initial-cluster-token',
  'initial-advertise-peer-urls',
  'force-new-cluster',
];

export interface Beginning {
  readonly state: 'new' | 'existing';
  readonly token: string;
  readonly address: string;
  /** every member, this one included */
  readonly members: readonly { readonly name: string; readonly peerUrl: string }[];
}

/** The environment that a member without data begins with. */
export function initialEnvironment({ state, token, address, members }: Beginning): string {
  return `# Written by konverge before the member began. Once there is data, etcd does not look at it.
ETCD_INITIAL_CLUSTER_STATE=${state}
ETCD_INITIAL_CLUSTER_TOKEN=${token}
ETCD_INITIAL_ADVERTISE_PEER_URLS=https://${address}:2380
ETCD_INITIAL_CLUSTER=${members.map(({ name, peerUrl }) => `${name}=${peerUrl}`).join(',')}
`;
}
