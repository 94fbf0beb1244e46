import type { ListrRenderer } from 'listr2';

const tickMs = 100;

interface TickOptions {
  readonly tick: () => void;
}

/**
 * Draws on a clock and not on every event as listr2's own renderer does, which blocks the event loop for seconds with
 * ten hosts. What it draws is no task list but one row a host, however many resources there are.
 */
class TickRenderer implements ListrRenderer {
  static readonly nonTTY = true;
  static readonly rendererOptions: TickOptions = { tick: () => undefined };
  static readonly rendererTaskOptions: Record<string, never> = {};
  readonly #options: TickOptions;
  #timer: NodeJS.Timeout | undefined;

  constructor(_tasks: unknown, options: TickOptions) {
    this.#options = options;
  }

  render(): void {
    this.#options.tick();
    this.#timer = setInterval(this.#options.tick, tickMs).unref();
  }

  end(): void {
    clearInterval(this.#timer);
  }
}

/** Ticks until `over`. listr2 holds one task a host; how they stand is told by events, so each only waits for the end. */
export async function tickUntil(over: Promise<void>, hosts: readonly string[], tick: () => void): Promise<void> {
  tick();
  // Loaded only where there is a terminal to draw on: it takes 40 ms that no other run has to pay.
  const { Listr } = await import('listr2');
  const tasks = hosts.map((host) => ({ title: host, task: () => over }));
  await new Listr(tasks, {
    concurrent: true,
    exitOnError: false,
    // Its own handler would end the process with 127 before connections are closed and the recap is printed.
    registerSignalListeners: false,
    renderer: TickRenderer,
    rendererOptions: { tick },
  }).run();
}
