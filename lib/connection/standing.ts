import { setTimeout as sleep } from 'node:timers/promises';
import { connectionLost, KonvergeError } from '../errors.ts';
import type { BecomeSettings } from '../inventory/types.ts';
import type { Script } from '../sh.ts';
import { type BecomeContext, openShell } from './become.ts';
import { lockRefusal, lockScript } from './host-lock.ts';
import type { Dial, Link } from './link.ts';
import { awaitScript, killScript, type Orphan, stillAtWork } from './orphan.ts';
import type { Shell } from './shell.ts';
import type { Limits } from './target.ts';

/** What a session stands on; all that a new shell needs to stand where the old one stood. */
export interface Standing {
  readonly host: string;
  readonly become: BecomeSettings;
  readonly dial: Dial;
  readonly limits: Limits;
}

export interface Footing {
  readonly link: Link;
  readonly shell: Shell;
}

const pauses = [500, 1000, 2000, 4000];

/** The first time: a host that cannot be reached now is told at once. */
export async function firstFooting(standing: Standing): Promise<Footing> {
  const link = await standing.dial();
  try {
    return { link, shell: await shellOver(link, standing) };
  } catch (thrown) {
    await link.close();
    throw thrown;
  }
}

/**
 * After a loss: tries again with growing pauses for as long as `patienceMs`, but not when the host refuses us for a
 * reason that waiting does not mend. @throws KonvergeError ConnectionLost
 */
export async function regainFooting(standing: Standing, signal: AbortSignal): Promise<Footing> {
  const { host, limits } = standing;
  const until = performance.now() + limits.patienceMs;
  for (let attempt = 0; ; attempt++) {
    try {
      return await firstFooting(standing);
    } catch (thrown) {
      const pause = pauses[attempt] ?? 4000;
      if (isFinal(thrown) || signal.aborted) throw thrown;
      if (performance.now() + pause > until) throw givenUp(host, limits.patienceMs, thrown);
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Another host key, another sudo password: time mends neither. A refused login may be a host that still boots. */
function isFinal(thrown: unknown): boolean {
  if (!(thrown instanceof KonvergeError)) return false;
  return thrown.code === 'BecomeFailed' || (thrown.cause instanceof Error && /Host denied/.test(thrown.cause.message));
}

function givenUp(host: string, patienceMs: number, cause: unknown): KonvergeError {
  const last = cause instanceof KonvergeError ? cause : undefined;
  const why = last?.message ?? (cause instanceof Error ? cause.message : String(cause));
  return connectionLost(`${host}: lost, and not back within ${patienceMs / 1000} s: ${why}`, {
    place: { host },
    cause,
    mend: last?.details.mend ?? 'see that the host is up, then run again: what was done is not done twice',
  });
}

export async function shellOver(link: Link, { host, become, limits }: Standing): Promise<Shell> {
  const context: BecomeContext = { host, become, timeoutMs: limits.becomeTimeoutMs, maxOutput: limits.maxOutput };
  for (let attempt = 1; ; attempt++) {
    try {
      return await openShell(link, context);
    } catch (thrown) {
      // sshd counts a closed channel for a moment longer, which matters with MaxSessions 1.
      if (attempt === 10 || !(thrown instanceof Error) || !/open fail|opens no session/i.test(thrown.message))
        throw thrown;
      await sleep(50);
    }
  }
}

/** Afterwards nothing of the lost shell runs. @throws KonvergeError ConnectionLost when it is still at work */
export async function settleOrphan(shell: Shell, orphan: Orphan, { host, limits }: Standing): Promise<void> {
  const script: Script = orphan.kill ? killScript(orphan.id) : awaitScript(orphan.id, limits.orphanMs / 1000);
  const [result] = await shell.run({ scripts: [script.text] });
  if (result?.code !== 0) throw stillAtWork(host, orphan);
}

/** @throws KonvergeError Refused naming the holder */
export async function takeLock(shell: Shell, holder: string, waitMs: number, standing: Standing): Promise<void> {
  const { host, limits } = standing;
  const script = lockScript(limits.lockFile, holder, Math.ceil(waitMs / 1000));
  const [result] = await shell.run({ scripts: [script.text], bare: true });
  const refusal = lockRefusal(host, limits.lockFile, result?.stdout.toString('utf8') ?? '');
  if (refusal !== undefined) throw refusal;
}

/** Stops what the shell runs, over a second way in; a new connection where this one opens no second channel. */
export async function stopRemotely(footing: Footing, standing: Standing): Promise<boolean> {
  const over = async (link: Link): Promise<boolean> => {
    const second = await openShell(link, {
      ...standing,
      timeoutMs: standing.limits.becomeTimeoutMs,
      maxOutput: standing.limits.maxOutput,
    });
    const [result] = await second.run({ scripts: [killScript(footing.shell.id).text] });
    second.end();
    return result?.code === 0;
  };
  try {
    return await over(footing.link);
  } catch {
    const link = await standing.dial();
    const stopped = await over(link).catch(() => false);
    await link.close();
    return stopped;
  }
}
