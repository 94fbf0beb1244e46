import { archive, defineRole, file, gate, service, sh, unit } from '../../lib/index.ts';
import { sourceFor } from '../artifact/index.ts';
import { buildkitVars } from './vars.ts';

const address = 'unix:///run/buildkit/buildkitd.sock';
const config = '/etc/buildkit/buildkitd.toml';

/** Afterwards buildkitd runs and builds into the images that the kubelet sees. */
export const buildkit = defineRole({
  name: 'buildkit',
  dir: import.meta.dirname,
  vars: buildkitVars,
  refuse: ({ enabled, version, source }) => [
    ...(enabled && source === undefined ? ['buildkit is enabled and has no source'] : []),
    ...(enabled && isUnsafe(version)
      ? [
          `buildkit ${version} lets a build break out of its container (CVE-2024-23651 and others): take 0.12.5 or later`,
        ]
      : []),
  ],
  async run({ facts, ensure, template }, { enabled, source = {}, namespace }) {
    if (!enabled) return;
    const programs = archive('/usr/local/bin', {
      name: 'buildkit',
      ...sourceFor(facts, 'buildkit', source),
      members: { 'bin/buildkitd': 'buildkitd', 'bin/buildctl': 'buildctl' },
    });
    const settings = file(config, { content: template('buildkitd.toml.ejs', { namespace }) });
    const daemon = unit('buildkit.service', { content: template('buildkit.service.ejs', { address, config }) });
    await ensure(
      programs,
      settings,
      daemon,
      service('buildkit.service', { enabled: true, running: true, restartOn: [programs, settings, daemon] }),
      gate('buildkitd has a worker', {
        until: sh`buildctl --addr ${address} debug workers`,
        seconds: 60,
        mend: 'see journalctl -u buildkit; containerd must run',
      }),
    );
  },
});

/** Fixed in 0.12.5 and, for those who stayed, nowhere before. */
function isUnsafe(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return major === 0 && (minor < 12 || (minor === 12 && patch < 5));
}

export { buildkitVars } from './vars.ts';
