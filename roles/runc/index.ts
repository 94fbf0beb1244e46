import { defineRole, download } from '../../lib/index.ts';
import { sourceFor } from '../artifact/index.ts';
import { noConflictingPackages } from '../conflicting-packages/index.ts';
import { runcVars } from './vars.ts';

export const runcPath = '/usr/local/sbin/runc';

/** Afterwards /usr/local/sbin/runc is the wished release, and no package brings another one. */
export const runc = defineRole({
  name: 'runc',
  vars: runcVars,
  async run({ facts, ensure }, { source }) {
    await ensure(
      noConflictingPackages(['runc', 'containerd.io'], 'it brings a runc of its own'),
      download(runcPath, { ...sourceFor(facts, 'runc', source), mode: 0o755 }),
    );
  },
});

export { runcVars } from './vars.ts';
