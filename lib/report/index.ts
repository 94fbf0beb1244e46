import type { View } from './events.ts';
import { jsonView } from './json.ts';
import { liveView } from './live.ts';
import { type Out, outletTo } from './outlet.ts';
import { painter } from './paint.ts';
import { plainView } from './plain.ts';

export type { Recap, ResourceStatus, RunEvent, View } from './events.ts';
export { eventSchemaVersion } from './events.ts';
export { type FailureOptions, failureText } from './failure.ts';
export type { Out } from './outlet.ts';
export { type Paint, painter } from './paint.ts';

export interface ViewOptions {
  readonly json: boolean;
  readonly plain: boolean;
  readonly verbose: boolean;
  readonly diff: boolean;
  readonly check: boolean;
  readonly profile?: boolean;
  readonly stdout: Out;
  readonly env?: NodeJS.ProcessEnv;
}

/** JSON when asked for; rows on a terminal that can show them; lines everywhere else. */
export function viewFor(options: ViewOptions): View {
  const { json, plain, verbose, diff, check, profile = false, stdout, env = process.env } = options;
  const outlet = outletTo(stdout);
  if (json) return jsonView(outlet);
  const paint = painter(stdout, env);
  const text = { paint, verbose, diff, profile };
  const canDraw = stdout.isTTY === true && (stdout.columns ?? 0) > 0 && env['TERM'] !== 'dumb';
  if (plain || !canDraw) return plainView(outlet, text);
  return liveView(stdout, outlet, { ...text, changes: verbose || diff || check });
}

/** Every view is shown everything; closed when all are. */
export function tee(views: readonly View[]): View {
  return {
    show: (event) => {
      for (const view of views) view.show(event);
    },
    close: async () => {
      await Promise.all(views.map((view) => view.close()));
    },
  };
}
