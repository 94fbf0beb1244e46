import { randomBytes } from 'node:crypto';
import { connectionLost, KonvergeError, unreachable } from '../errors.ts';
import type { BecomeSettings } from '../inventory/types.ts';
import { redact, reveal } from '../secret.ts';
import { bootCommand, type Escalation, readyLine, startLine } from './boot.ts';
import type { Link, Pipe } from './link.ts';
import { type Shell, shellOn } from './shell.ts';

export interface BecomeContext {
  readonly host: string;
  readonly become: BecomeSettings;
  readonly timeoutMs: number;
  readonly maxOutput: number;
}

/**
 * A root shell on the host (the login user's own with method `none`).
 * @throws KonvergeError BecomeFailed with what sudo said; ConnectionLost when the link breaks meanwhile
 */
export async function openShell(link: Link, context: BecomeContext): Promise<Shell> {
  const marker = randomBytes(16).toString('hex');
  const prompt = `konverge-${randomBytes(8).toString('hex')}:`;
  const pipe = await link.exec(bootCommand(marker, escalationOf(context.become, prompt))).catch((thrown: unknown) => {
    throw channelFailure(thrown, context.host);
  });
  try {
    const { id, uid } = await ready(pipe, marker, prompt, context);
    void pipe.write(Buffer.from(startLine(marker)));
    return shellOn(pipe, { id, uid, maxOutput: context.maxOutput });
  } catch (thrown) {
    pipe.destroy();
    throw thrown;
  }
}

function escalationOf(become: BecomeSettings, prompt: string): Escalation {
  if (become.method === 'none') return { kind: 'none' };
  return { kind: 'sudo', prompt: become.password === undefined ? undefined : prompt };
}

/** Answers sudo's question once; a second question means that the password is wrong. */
function ready(
  pipe: Pipe,
  marker: string,
  prompt: string,
  context: BecomeContext,
): Promise<{ id: string; uid: number }> {
  return new Promise((resolve, reject) => {
    let out = '';
    let said = '';
    let answered = false;
    const fail = (why: Why): void => {
      clearTimeout(timer);
      reject(
        becomeFailed(context, why, { out: Buffer.from(out, 'latin1').toString(), said: said.replaceAll(prompt, '') }),
      );
    };
    const timer = setTimeout(() => fail('slow'), context.timeoutMs);
    const onStdout = (chunk: Buffer): void => {
      out = (out + chunk.toString('latin1')).slice(-4096);
      const found = readyLine(marker).exec(out)?.groups;
      if (found === undefined) return;
      clearTimeout(timer);
      resolve({ id: found['id'] ?? '', uid: Number(found['uid']) });
    };
    const onStderr = (chunk: Buffer): void => {
      said = (said + chunk.toString('utf8')).slice(-8192);
      const { password } = context.become;
      if (password === undefined || !said.endsWith(prompt)) return;
      if (answered) return fail('wrong password');
      answered = true;
      void pipe.write(Buffer.from(`${reveal(password)}\n`));
    };
    pipe.listen(onStdout, onStderr);
    void pipe.closed.then((end) => {
      if (end.code !== null || end.signal !== null) return fail('ended');
      clearTimeout(timer);
      reject(connectionLost(`${context.host}: the connection broke before there was a shell`));
    });
  });
}

interface Heard {
  readonly out: string;
  readonly said: string;
}

type Why = 'wrong password' | 'slow' | 'ended';

function becomeFailed(context: BecomeContext, why: Why, { out, said }: Heard): KonvergeError {
  const known = why === 'wrong password' ? wrongPassword : sayings.find(([saying]) => saying.test(said))?.[1];
  const words = known ?? explain(why, context);
  // What turns a login away, nologin(8) or a menu, says so on stdout; else that is only noise of the start-up files.
  const text = redact(known === undefined ? `${out}${said}` : said).trim();
  return new KonvergeError('BecomeFailed', `${context.host}: ${words.message}`, {
    place: { host: context.host },
    mend: words.mend,
    touched: false,
    ...(text === '' ? {} : { said: text }),
  });
}

interface Words {
  readonly message: string;
  readonly mend: string;
}

const wrongPassword: Words = { message: 'sudo refused the password', mend: 'correct become.password for this host' };

const sayings: readonly (readonly [RegExp, Words])[] = [
  [
    /a password is required/,
    {
      message: 'sudo wants a password and none is given',
      mend: 'type -K to be asked for it, set become.password for this host, or allow the user in sudoers with NOPASSWD',
    },
  ],
  [/incorrect password|no password was provided|Sorry, try again/, wrongPassword],
  [
    /not in the sudoers|not allowed to (execute|run)|may not run sudo/,
    {
      message: 'sudo does not allow this user to become root',
      mend: 'log in as root, or give the user a line in sudoers: `USER ALL=(ALL) ALL`',
    },
  ],
  [
    /must have a tty/,
    { message: 'sudo wants a terminal', mend: 'remove `Defaults requiretty` from sudoers on the host' },
  ],
  [
    /sudo.*not found/,
    { message: 'there is no sudo on the host and the user is not root', mend: 'log in as root, or install sudo there' },
  ],
];

function explain(why: Why, { become, timeoutMs }: BecomeContext): Words {
  if (why === 'ended') return { message: 'the login ended before it gave a shell', mend: turnedAway };
  const shell = become.method === 'none' ? 'sh' : 'sudo or sh';
  const mend = 'try by hand: `ssh HOST true`, then `sudo -k; sudo true` there; a ~/.bashrc that asks waits for ever';
  return { message: `${shell} gave no root shell within ${timeoutMs / 1000} s`, mend };
}

const turnedAway =
  'give the user a login shell (no nologin, no menu), and see that no ForceCommand and no ~/.bashrc takes its place: ' +
  'try by hand `ssh HOST true`';

/** sshd lets us in and then gives no channel: sshd_config(5), MaxSessions. */
function channelFailure(thrown: unknown, host: string): unknown {
  if (!(thrown instanceof Error) || !/open fail/i.test(thrown.message)) return thrown;
  return unreachable(`${host}: sshd lets us in and opens no session`, {
    place: { host },
    said: thrown.message,
    mend: 'see MaxSessions in sshd_config on the host (0 forbids sessions), and its log',
    touched: false,
    cause: thrown,
  });
}
