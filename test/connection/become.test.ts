import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../lib/connection/index.ts';
import { asKonvergeError, isUnreachable } from '../../lib/errors.ts';
import { secret } from '../../lib/secret.ts';
import { sh } from '../../lib/sh.ts';
import { password, prepareMachine, type Sshd, startSshd, users } from './sshd.ts';

let sshd: Sshd;

beforeAll(async () => {
  prepareMachine();
  sshd = await startSshd();
}, 300_000);
afterAll(() => sshd.remove());

const right = secret(password);

describe('becoming root', () => {
  it.each([
    ['root needs nothing', 'root', { method: 'auto' }, 'root'],
    ['root does not need its sudo either', 'root', { method: 'sudo', password: right }, 'root'],
    ['sudo without a password', users.trusted, { method: 'auto' }, 'root'],
    ['a password that sudo does not ask for', users.trusted, { method: 'sudo', password: right }, 'root'],
    ['sudo with the password', users.asking, { method: 'auto', password: right }, 'root'],
    ['none: the login user', users.plain, { method: 'none' }, users.plain],
  ] as const)('%s', async (_, user, become, expected) => {
    const session = await connect(sshd.target({ user }, become));
    const [who, seen, history] = await session.run([
      sh`id -un; pwd; echo $LC_ALL`,
      sh`cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' '`,
      sh`echo "$HOME"`,
    ]);
    expect(String(who?.stdout)).toBe(`${expected}\n/\nC\n`);
    expect(String(seen?.stdout)).not.toContain('right-Horse');
    expect(String(history?.stdout)).toBe(expected === 'root' ? '/root\n' : `/home/${expected}\n`);
    await session.close();
  });

  it.each([
    [
      'a wrong password',
      users.asking,
      { method: 'sudo', password: secret('wrong-Horse') },
      /refused the password/,
      /become.password/,
    ],
    ['no password where one is wanted', users.asking, { method: 'auto' }, /wants a password/, /NOPASSWD/],
    ['a user that may not', users.plain, { method: 'auto', password: right }, /does not allow/, /sudoers/],
  ] as const)('%s is refused with what to do, and never hangs', async (_, user, become, message, mend) => {
    const failed = connect(sshd.target({ user }, become), { becomeTimeoutMs: 8000 });
    await expect(failed).rejects.toMatchObject({
      code: 'BecomeFailed',
      message: expect.stringMatching(message),
      details: { place: { host: 'n1' }, mend: expect.stringMatching(mend), touched: false },
    });
  });

  it.each([
    ['a menu in place of a shell', 'ForceCommand echo only menus here; exit 1', { said: 'only menus here' }],
    ['a server that opens no session', 'MaxSessions 0', { mend: expect.stringContaining('MaxSessions') }],
  ])('%s is a host that cannot be reached, with what it said', async (_, config, details) => {
    const own = await startSshd({ config });
    const error = asKonvergeError(await connect(own.target()).catch((thrown: unknown) => thrown));
    await own.remove();
    expect(isUnreachable(error, 'n1')).toBe(true);
    expect(error).toMatchObject({ details: { ...details, touched: false } });
  });

  it('gives up on a sudo that says nothing', async () => {
    const failed = connect(sshd.target({ user: users.asking }, { method: 'sudo', password: right }), {
      becomeTimeoutMs: 1,
    });
    await expect(failed).rejects.toMatchObject({
      code: 'BecomeFailed',
      message: expect.stringMatching(/within 0.001 s/),
    });
  });
});
