import { secret } from 'konverge';
import { users } from '../layout.ts';
import { as, variant } from './variant.ts';

export const inventory = variant({
  wn02: as(users.asking.name, { method: 'sudo', password: secret('not-the-password') }),
});
