import { connectionLost, KonvergeError } from '../errors.ts';
import type { Link } from './link.ts';
import type { Orphan } from './orphan.ts';
import {
  type Footing,
  firstFooting,
  regainFooting,
  type Standing,
  settleOrphan,
  shellOver,
  stopRemotely,
  takeLock,
} from './standing.ts';
import { within } from './task.ts';

/** Time for the lost shell to notice its end and let the lock go. */
const lockWaitMs = 10_000;
const stopMs = 12_000;

/** Keeps a session on its feet: one link, one shell, and both made anew when they are gone. */
export class Keeper {
  readonly #standing: Standing;
  readonly #closing = new AbortController();
  readonly #gone = new WeakSet<Link>();
  #current: Footing;
  #orphan: Orphan | undefined;
  #holder: string | undefined;
  #regaining: Promise<Footing> | undefined;

  private constructor(standing: Standing, footing: Footing) {
    this.#standing = standing;
    this.#current = this.#adopt(footing);
  }

  /** @throws KonvergeError Unreachable, BecomeFailed: a host that cannot be reached at first is told at once */
  static async open(standing: Standing): Promise<Keeper> {
    return new Keeper(standing, await firstFooting(standing));
  }

  /** A living shell, with the host's lock if it was taken. @throws KonvergeError ConnectionLost, BecomeFailed, Refused */
  stand(): Promise<Footing> {
    if (this.#current.shell.alive) return Promise.resolve(this.#current);
    this.#regaining ??= this.#regain().finally(() => {
      this.#regaining = undefined;
    });
    return this.#regaining;
  }

  /**
   * After a failed job: nothing of it runs any more, or it is known what still has to be settled before the next one.
   * @returns what is to be thrown
   */
  async fall(footing: Footing, thrown: unknown, repeatable: boolean): Promise<unknown> {
    const { shell } = footing;
    if (shell.alive) return told(thrown, this.#standing.host, await this.#stop(footing));
    // The job was cut off: a question may be killed, a change is given the time to end.
    this.#orphan = { id: shell.id, kill: repeatable };
    return told(thrown, this.#standing.host, true);
  }

  async lock(footing: Footing, holder: string): Promise<void> {
    await takeLock(footing.shell, holder, 0, this.#standing);
    this.#holder = holder;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const { shell, link } = this.#current;
    shell.end();
    await within(shell.closed, 1000);
    await link.close();
  }

  #adopt(footing: Footing): Footing {
    void footing.link.lost.then(() => this.#gone.add(footing.link));
    // A shell that ends while nothing runs on it may still hold the lock, and nothing is lost by killing it.
    void footing.shell.closed.then(() => {
      if (this.#current === footing) this.#orphan ??= { id: footing.shell.id, kill: true };
    });
    return footing;
  }

  async #regain(): Promise<Footing> {
    const { host } = this.#standing;
    const footing = await this.#rebuild();
    try {
      if (this.#closing.signal.aborted) throw connectionLost(`${host}: the session is closed`);
      if (this.#orphan !== undefined) await settleOrphan(footing.shell, this.#orphan, this.#standing);
      this.#orphan = undefined;
      if (this.#holder !== undefined) await takeLock(footing.shell, this.#holder, lockWaitMs, this.#standing);
      this.#current = this.#adopt(footing);
      return footing;
    } catch (thrown) {
      await footing.link.close();
      throw thrown;
    }
  }

  async #rebuild(): Promise<Footing> {
    const { link } = this.#current;
    if (!this.#gone.has(link)) {
      const shell = await shellOver(link, this.#standing).catch(() => undefined);
      if (shell !== undefined) return { link, shell };
      await link.close();
    }
    return regainFooting(this.#standing, this.#closing.signal);
  }

  /** @returns whether all of it was stopped */
  async #stop(footing: Footing): Promise<boolean> {
    const stopped = (await within(stopRemotely(footing, this.#standing), stopMs)) === true;
    const ended = stopped && (await within(footing.shell.closed, 2000)) !== undefined;
    this.#orphan = ended ? undefined : { id: footing.shell.id, kill: true };
    if (!ended) await footing.link.close();
    return stopped;
  }
}

function told(thrown: unknown, host: string, stopped: boolean): unknown {
  if (!(thrown instanceof KonvergeError)) return thrown;
  const message = thrown.message.startsWith(host) ? thrown.message : `${host}: ${thrown.message}`;
  const note = stopped ? '' : '; it could not be stopped and may still be at work on the host';
  return new KonvergeError(thrown.code, `${message}${note}`, {
    ...thrown.details,
    place: { host, ...thrown.details.place },
  });
}
