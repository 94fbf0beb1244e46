import { secret } from 'konverge';
import { users } from '../layout.ts';
import { as, variant } from './variant.ts';

/** Nobody logs in as root: wn02 asks for a password, the others do not. */
const plain = as(users.sudoer);

export const inventory = variant({
  mn01: plain,
  mn02: plain,
  mn03: plain,
  wn01: plain,
  wn02: as(users.asking.name, { method: 'sudo', password: secret(users.asking.password) }),
});
