import { archive, defineRole, file } from '../../lib/index.ts';
import { sourceFor } from '../artifact/index.ts';
import { nerdctlVars } from './vars.ts';

/** Afterwards nerdctl is installed and sees the kubelet's containers and images; registries' certificates are checked. */
export const nerdctl = defineRole({
  name: 'nerdctl',
  dir: import.meta.dirname,
  vars: nerdctlVars,
  refuse: ({ enabled, source }) => (enabled && source === undefined ? ['nerdctl is enabled and has no source'] : []),
  async run({ facts, ensure, template }, { enabled, source = {}, namespace }) {
    if (!enabled) return;
    await ensure(
      archive('/usr/local/bin', {
        name: 'nerdctl',
        ...sourceFor(facts, 'nerdctl', source),
        members: { nerdctl: 'nerdctl' },
      }),
      file('/etc/nerdctl/nerdctl.toml', { content: template('nerdctl.toml.ejs', { namespace }) }),
    );
  },
});

export { nerdctlVars } from './vars.ts';
