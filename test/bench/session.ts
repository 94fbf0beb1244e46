// What the session costs, on loopback, against a real sshd. Run as root: node --import tsx test/bench/session.ts
import { connect, type Session } from '../../lib/connection/index.ts';
import { sh } from '../../lib/sh.ts';
import { prepareMachine, startSshd, users } from '../connection/sshd.ts';

prepareMachine();
const sshd = await startSshd();

/** Milliseconds: the median of `times` runs. */
async function median(times: number, work: () => Promise<unknown>): Promise<number> {
  const taken: number[] = [];
  for (let i = 0; i < times; i++) {
    const started = performance.now();
    await work();
    taken.push(performance.now() - started);
  }
  return taken.toSorted((a, b) => a - b)[Math.floor(times / 2)] ?? 0;
}

function say(what: string, ms: number): void {
  process.stdout.write(`${what.padEnd(52)} ${ms.toFixed(2).padStart(9)} ms\n`);
}

const close = (sessions: readonly Session[]): Promise<unknown> => Promise.all(sessions.map((each) => each.close()));
const five = async (): Promise<readonly Session[]> =>
  Promise.all(Array.from({ length: 5 }, () => connect(sshd.target())));

say('connect, first (ssh -G included)', await median(1, async () => close([await connect(sshd.target())])));
say('connect and close', await median(9, async () => close([await connect(sshd.target())])));
say(
  'connect and close, by sudo',
  await median(9, async () => close([await connect(sshd.target({ user: users.trusted }))])),
);
say('connect and close, 5 hosts at once', await median(5, async () => close(await five())));

const session = await connect(sshd.target());
const probe = sh`stat -c '%F %a %U %G %s' /etc/passwd; sha256sum /etc/passwd`;
const forty = Array.from({ length: 40 }, () => probe);
const nothing = Array.from({ length: 40 }, () => sh`:`);
say('framed command (builtin)', await median(1000, () => session.run([sh`:`])));
say('framed command (stat and sha256sum)', await median(100, () => session.run([probe])));
say('40 builtins in one trip', await median(50, () => session.run(nothing)));
say('40 probes (80 processes) in one trip', await median(20, () => session.run(forty)));
say(
  'the same 40 probes, one trip each',
  await median(5, async () => {
    for (const each of forty) await session.run([each]);
  }),
);
say(
  'stdin 30 kB (inside the frame)',
  await median(20, () => session.run([sh`cat >/dev/null`], { stdin: Buffer.alloc(30_000) })),
);
say(
  'stdin 20 MB (streamed)',
  await median(3, () => session.run([sh`cat >/dev/null`], { stdin: Buffer.alloc(20_000_000) })),
);
say(
  'timeout until the host is clean and usable again',
  await median(3, async () => {
    await session.run([sh`sleep 60`], { timeoutMs: 1 }).catch(() => undefined);
    await session.run([sh`:`]);
  }),
);
await session.close();
await sshd.remove();
