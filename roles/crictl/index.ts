import { archive, defineRole, file } from '../../lib/index.ts';
import { sourceFor } from '../artifact/index.ts';
import { crictlVars } from './vars.ts';

/** Afterwards crictl is installed and asks the one runtime there is, instead of trying a list of old sockets. */
export const crictl = defineRole({
  name: 'crictl',
  dir: import.meta.dirname,
  vars: crictlVars,
  async run({ facts, ensure, template }, { source, socket, timeout }) {
    await ensure(
      archive('/usr/local/bin', {
        name: 'crictl',
        ...sourceFor(facts, 'crictl', source),
        members: { crictl: 'crictl' },
      }),
      file('/etc/crictl.yaml', { content: template('crictl.yaml.ejs', { socket, timeout }) }),
    );
  },
});

export { crictlVars } from './vars.ts';
