import { ending } from './ending.ts';
import type { View } from './events.ts';
import { narrator } from './narrator.ts';
import type { Outlet } from './outlet.ts';
import type { Paint } from './paint.ts';

export interface TextOptions {
  readonly paint: Paint;
  readonly verbose: boolean;
  readonly diff: boolean;
  readonly profile: boolean;
}

/** Lines in the order of events, for logs and pipes: headings, changes, notes, failures, at the end the recap. */
export function plainView(outlet: Outlet, options: TextOptions): View {
  const tell = narrator(options);
  const end = ending(options);
  return {
    show(event) {
      for (const line of tell(event)) outlet.write(`${line}\n`);
      outlet.write(end(event));
    },
    close: () => outlet.drained(),
  };
}
