import { randomBytes } from 'node:crypto';
import { connectionLost, KonvergeError } from '../errors.ts';
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
  const pipe = await link.exec(bootCommand(marker, escalationOf(context.become, prompt)));
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
      reject(becomeFailed(context, why, said.replaceAll(prompt, '')));
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

type Why = 'wrong password' | 'slow' | 'ended';

function becomeFailed(context: BecomeContext, why: Why, said: string): KonvergeError {
  const words = explain(why, said, context);
  const text = redact(said).trim();
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

const sayings: readonly (readonly [RegExp, Words])[] = [
  [
    /a password is required/,
    {
      message: 'sudo wants a password and none is given',
      mend: 'type -K to be asked for it, set become.password for this host, or allow the user in sudoers with NOPASSWD',
    },
  ],
  [
    /incorrect password|no password was provided|Sorry, try again/,
    { message: 'sudo refused the password', mend: 'correct become.password for this host' },
  ],
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

function explain(why: Why, said: string, { become, timeoutMs }: BecomeContext): Words {
  if (why === 'wrong password') {
    return { message: 'sudo refused the password', mend: 'correct become.password for this host' };
  }
  const known = sayings.find(([saying]) => saying.test(said));
  if (known !== undefined) return known[1];
  const shell = become.method === 'none' ? 'sh' : 'sudo or sh';
  if (why === 'slow') {
    const mend = 'try by hand: ssh to the host and run `sudo -k; sudo true`';
    return { message: `${shell} gave no root shell within ${timeoutMs / 1000} s`, mend };
  }
  return { message: `${shell} ended before it was ready`, mend: 'see what it said, and try the login by hand' };
}
