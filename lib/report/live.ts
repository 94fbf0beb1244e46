import { ending } from './ending.ts';
import type { View } from './events.ts';
import { narrator } from './narrator.ts';
import type { Out, Outlet } from './outlet.ts';
import { picture } from './picture.ts';
import type { TextOptions } from './plain.ts';
import { tickUntil } from './tick-renderer.ts';

export interface LiveOptions extends TextOptions {
  /** tell every change above the rows, as a run that only checks has nothing else to show */
  readonly changes: boolean;
}

/** One row a host at the bottom of a terminal, redrawn ten times a second; at the end the recap in its place. */
export function liveView(out: Out, outlet: Outlet, options: LiveOptions): View {
  const drawn = picture(out, outlet, options.paint);
  const tell = narrator(options);
  const end = ending(options);
  const over = signal();
  let ticking = Promise.resolve();
  const restore = (): void => {
    drawn.close();
    process.off('exit', restore);
    over.give();
  };
  return {
    show(event) {
      drawn.show(event);
      for (const line of tell(event)) drawn.tell(`${line}\n`);
      const recap = end(event);
      if (event.type === 'run-start') {
        process.once('exit', restore);
        ticking = tickUntil(over.given, event.hosts, () => drawn.tick());
      }
      if (event.type === 'run-end') restore();
      outlet.write(recap);
    },
    async close() {
      restore();
      await ticking;
      await outlet.drained();
    },
  };
}

function signal(): { readonly given: Promise<void>; readonly give: () => void } {
  let give: () => void = () => undefined;
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give };
}
