import { homedir } from 'node:os';
import { join } from 'node:path';

/** Every constant of the lab: names, addresses, ports, users, paths. Nothing else in the lab repeats one of them. */

export interface LabHost {
  readonly name: string;
  readonly address: string;
  /** Where the host's sshd is published, on 127.0.0.1. */
  readonly port: number;
}

export const network = {
  name: 'konverge-lab',
  subnet: '10.77.0.0/24',
  gateway: '10.77.0.1',
  mirror: '10.77.0.2',
  /** Nobody's, until keepalived claims it. */
  vip: '10.77.0.240',
} as const;

export const hosts = {
  mn01: { name: 'mn01', address: '10.77.0.11', port: 22011 },
  mn02: { name: 'mn02', address: '10.77.0.22', port: 22022 },
  mn03: { name: 'mn03', address: '10.77.0.33', port: 22033 },
  wn01: { name: 'wn01', address: '10.77.0.100', port: 22100 },
  wn02: { name: 'wn02', address: '10.77.0.200', port: 22200 },
} as const satisfies Record<string, LabHost>;

export type HostName = keyof typeof hosts;

export const groups = {
  controlPlane: ['mn01', 'mn02', 'mn03'],
  workers: ['wn01', 'wn02'],
} as const satisfies Record<string, readonly HostName[]>;

export const users = {
  root: 'root',
  /** sudo without a password, on every host. */
  sudoer: 'ops',
  /** sudo asks for the password; on `askingHost` only. */
  asking: { name: 'opspw', password: 'lab-password', host: 'wn02' },
} as const;

/** The mirror as a host of the lab sees it. */
export const mirror = {
  name: 'mirror',
  port: 80,
  registryPort: 5000,
  url: 'http://mirror',
  registry: 'mirror:5000',
  /** The same two on 127.0.0.1, for tests on this machine. */
  publishedPort: 22080,
  publishedRegistryPort: 22050,
} as const;

export const cacheDir = process.env['KONVERGE_LAB_CACHE'] ?? join(homedir(), '.cache', 'konverge-lab');
export const stateDir = join(cacheDir, 'state');
export const keyPath = join(stateDir, 'id_ed25519');
export const knownHostsPath = join(stateDir, 'known_hosts');
/** path on the mirror → sha256 */
export const lockPath = join(stateDir, 'lab-lock.json');

export const containerPrefix = 'konverge-lab-';
export const mirrorContainer = `${containerPrefix}mirror`;

export const hostNames: readonly HostName[] = [...groups.controlPlane, ...groups.workers];

export function isHostName(name: string): name is HostName {
  return Object.hasOwn(hosts, name);
}
