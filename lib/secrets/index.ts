export { isAgeFile } from './age.ts';
export { askSecret, hasTerminal } from './ask.ts';
export type { Environment } from './identity.ts';
export { type Opened, type Opener, openerFor } from './opener.ts';
