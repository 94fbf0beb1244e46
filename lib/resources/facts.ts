export type OsFamily = 'rhel' | 'debian';
export type Arch = 'amd64' | 'arm64';

/** What is known of a host after the first round trip. */
export interface Facts {
  readonly os: {
    readonly family: OsFamily;
    /** ID of os-release(5): rocky, rhel, almalinux, debian, ubuntu */
    readonly id: string;
    /** VERSION_ID: `9.3`, `12` */
    readonly version: string;
    /** `12`, `9` */
    readonly major: number;
    readonly codename: string | undefined;
  };
  readonly arch: Arch;
  readonly kernel: string;
  readonly hostname: string;
  readonly machineId: string;
  readonly productUuid: string | undefined;
  readonly cpus: number;
  /** MiB */
  readonly memory: number;
  readonly interfaces: readonly NetworkInterface[];
  /** destination CIDRs of the main routing table, `default` excluded */
  readonly routes: readonly string[];
  /** the interface of the default route */
  readonly defaultInterface: string | undefined;
  /** systemd-detect-virt --container; undefined on real machines and VMs */
  readonly container: string | undefined;
  readonly systemd: number | undefined;
  readonly selinux: 'enforcing' | 'permissive' | 'disabled' | 'absent';
  /** host clock minus controller clock, milliseconds, halved round trip taken off */
  readonly clockSkew: number;
}

export interface NetworkInterface {
  readonly name: string;
  readonly mac: string | undefined;
  /** `192.168.10.11/24` */
  readonly addresses: readonly string[];
}
