import { connectionLost, interrupted, KonvergeError, timedOut } from '../errors.ts';
import type { CommandResult } from '../resources/contract.ts';
import type { Script } from '../sh.ts';
import { ownTurn } from '../turns.ts';
import { inlineLimit } from './frame.ts';
import { Keeper } from './keeper.ts';
import type { RunOptions, Session } from './session.ts';
import type { Job } from './shell.ts';
import type { Standing } from './standing.ts';
import { orAborted } from './task.ts';
import { sourceOf, type Upload, uploadOf } from './upload.ts';

const defaultTimeoutMs = 300_000;
/** Bytes a millisecond that even a poor line carries: 50 kB/s. */
const slowestUpload = 50;
/** A lost connection is made anew this often within one call: a script that kills its shell must not go on for ever. */
const mostAttempts = 5;

interface Task {
  readonly controller: AbortController;
  readonly settled: Promise<unknown>;
}

/** See the contract in session.ts. */
export class HostSession implements Session {
  readonly host: string;
  readonly #keeper: Keeper;
  #task: Task | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #trips = 0;
  #isClosed = false;

  private constructor(host: string, keeper: Keeper) {
    this.host = host;
    this.#keeper = keeper;
  }

  /** @throws KonvergeError Unreachable, BecomeFailed */
  static async open(standing: Standing): Promise<Session> {
    return new HostSession(standing.host, await Keeper.open(standing));
  }

  get trips(): number {
    return this.#trips;
  }

  run(scripts: readonly Script[], options: RunOptions = {}): Promise<readonly CommandResult[]> {
    if (scripts.length === 0) return Promise.resolve([]);
    const { stdin, repeatable = false, timeoutMs = defaultTimeoutMs } = options;
    const job = (): Promise<Job> =>
      Promise.resolve({
        scripts: scripts.map(({ text }) => text),
        stdin: stdin !== undefined && stdin.length > inlineLimit ? sourceOf(stdin) : stdin,
        onLine: options.onLine && ((line, stream) => options.onLine?.(line, stream)),
      });
    return this.#enqueue(timeoutMs, (signal) => this.#attempts(job, repeatable, signal));
  }

  async upload(localPath: string, remotePath: string): Promise<void> {
    const first = await uploadOf(this.host, localPath, remotePath);
    const timeoutMs = defaultTimeoutMs + first.source.size / slowestUpload;
    await this.#enqueue(timeoutMs, async (signal) => {
      let upload: Upload = first;
      const job = async (): Promise<Job> => {
        upload = await uploadOf(this.host, localPath, remotePath);
        return { scripts: [upload.script.text], stdin: upload.source };
      };
      const [result] = await this.#attempts(job, true, signal);
      upload.check(result);
    });
  }

  async lock(holder: string): Promise<void> {
    await this.#enqueue(defaultTimeoutMs, async (signal) => {
      for (let attempt = 1; ; attempt++) {
        const footing = await orAborted(this.#keeper.stand(), signal);
        try {
          return await orAborted(this.#keeper.lock(footing, holder), signal);
        } catch (thrown) {
          if (thrown instanceof KonvergeError && thrown.code === 'Refused') throw thrown;
          const told = await this.#keeper.fall(footing, thrown, true);
          if (!isLost(told) || attempt === mostAttempts) throw told;
        }
      }
    });
  }

  async interrupt(): Promise<void> {
    const task = this.#task;
    task?.controller.abort(interrupted(`${this.host}: interrupted`, { place: { host: this.host } }));
    await task?.settled;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.interrupt();
    await this.#keeper.close();
  }

  /** One at a time, in the order of the calls; the time a call waits for its turn does not count. */
  #enqueue<T>(timeoutMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const place = { host: this.host };
    const mine = this.#queue.then(async () => {
      if (this.#isClosed) throw connectionLost(`${this.host}: the session is closed`, { place, touched: false });
      const controller = new AbortController();
      const timer = setTimeout(() => {
        const message = `${this.host}: no end within ${timeoutMs / 1000} s`;
        controller.abort(timedOut(message, { place, mend: 'see what it waits for, or give it more time' }));
      }, timeoutMs);
      this.#task = { controller, settled: mine.catch(() => undefined) };
      try {
        return await work(controller.signal);
      } finally {
        clearTimeout(timer);
        this.#task = undefined;
      }
    });
    this.#queue = mine.catch(() => undefined);
    return mine;
  }

  async #attempts(
    makeJob: () => Promise<Job>,
    repeatable: boolean,
    signal: AbortSignal,
  ): Promise<readonly CommandResult[]> {
    for (let attempt = 1; ; attempt++) {
      const job = await makeJob();
      const footing = await orAborted(this.#keeper.stand(), signal);
      this.#trips += 1;
      try {
        const results = await orAborted(footing.shell.run(job), signal);
        // Hosts that answer at the same time are not all read in the same turn.
        await ownTurn();
        return results;
      } catch (thrown) {
        const told = await this.#keeper.fall(footing, thrown, repeatable);
        const again = repeatable && attempt < mostAttempts && !signal.aborted && isLost(told);
        if (!again) throw told;
      }
    }
  }
}

function isLost(thrown: unknown): boolean {
  return thrown instanceof KonvergeError && thrown.code === 'ConnectionLost';
}
