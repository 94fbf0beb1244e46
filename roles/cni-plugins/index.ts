import { archive, defineRole } from '../../lib/index.ts';
import { sourceFor } from '../artifact/index.ts';
import { cniPluginsVars, pluginsOf } from './vars.ts';

/** Afterwards the plugins are in /opt/cni/bin, all from the same release. */
export const cniPlugins = defineRole({
  name: 'cni-plugins',
  vars: cniPluginsVars,
  async run({ facts, ensure }, { version, source, plugins = pluginsOf(version) }) {
    await ensure(
      archive('/opt/cni/bin', {
        name: 'cni-plugins',
        ...sourceFor(facts, 'cni-plugins', source),
        members: Object.fromEntries(plugins.map((plugin) => [plugin, plugin])),
      }),
    );
  },
});

export { cniPluginsVars, pluginsOf } from './vars.ts';
