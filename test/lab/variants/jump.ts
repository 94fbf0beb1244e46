import { secret } from 'konverge';
import { hosts, users } from '../layout.ts';
import { as, variant } from './variant.ts';

/**
 * wn02 as a machine behind a bastion: reached through mn01 by its address inside, as a user whose sudo asks for a password.
 * LAB_LOCKED_KEY names a private key with a passphrase; the agent has it open.
 */
const locked = process.env['LAB_LOCKED_KEY'];

export const inventory = variant({
  wn02: (entry) => ({
    ...as(users.asking.name, { method: 'sudo', password: secret(users.asking.password) })(entry),
    ssh: {
      ...entry.ssh,
      host: hosts.wn02.address,
      port: 22,
      user: users.asking.name,
      jump: `${users.sudoer}@127.0.0.1:${hosts.mn01.port}`,
      ...(locked === undefined ? {} : { identity: locked }),
    },
  }),
});
