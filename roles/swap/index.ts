import { defineRole, swapOff } from '../../lib/index.ts';
import { swapVars } from './vars.ts';

/** Afterwards no swap is active and none comes back at boot. */
export const swap = defineRole({
  name: 'swap',
  vars: swapVars,
  async run({ ensure }) {
    await ensure(swapOff());
  },
});

export { swapVars } from './vars.ts';
