import { z } from 'zod';
import { artifact } from '../artifact/index.ts';

const always = [
  'bandwidth',
  'bridge',
  'dhcp',
  'firewall',
  'host-device',
  'host-local',
  'ipvlan',
  'loopback',
  'macvlan',
  'portmap',
  'ptp',
  'sbr',
  'static',
  'tuning',
  'vlan',
  'vrf',
];

/** name → minor version of 1.x that first had it */
const later = { dummy: 2, tap: 3 } as const;

/** The plugins in the archive of a release. */
export function pluginsOf(version: string): readonly string[] {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const added = Object.entries(later).filter(([, since]) => major > 1 || (major === 1 && minor >= since));
  return [...always, ...added.map(([name]) => name)];
}

export const cniPluginsVars = z.strictObject({
  version: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, "is not a version such as '1.4.0'")
    .describe('of the source; tells which plugins there are'),
  source: artifact.describe('cni-plugins-linux-ARCH-vVERSION.tgz of a release'),
  plugins: z
    .array(z.string().regex(/^[a-z][a-z0-9-]*$/, 'is not the name of a plugin'))
    .min(1)
    .optional()
    .describe('which of the archive are installed; default: all that releases of this version have'),
});
