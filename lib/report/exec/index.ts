import { jsonOf } from '../json.ts';
import { type Out, outletTo } from '../outlet.ts';
import { painter } from '../paint.ts';
import type { ExecView } from './events.ts';
import { foldedView } from './folded.ts';
import { linesView } from './lines.ts';
import { summaryView } from './summary.ts';

export interface ExecViewOptions {
  readonly json: boolean;
  readonly fold: boolean;
  readonly verbose: boolean;
  readonly stdout: Out;
  readonly stderr: Out;
  readonly env?: NodeJS.ProcessEnv;
}

/** What the command printed goes to stdout, what there is to say about it to stderr; with `json` all of it to stdout. */
export function execView({ json, fold, verbose, stdout, stderr, env = process.env }: ExecViewOptions): ExecView {
  const outlet = outletTo(stdout);
  if (json) return { show: (event) => outlet.write(`${jsonOf(event)}\n`), close: () => outlet.drained() };
  const paint = painter(stdout, env);
  const output = fold ? foldedView(outlet, paint) : linesView(outlet, paint);
  const summary = summaryView(outletTo(stderr), { paint: painter(stderr, env), verbose });
  return {
    show(event) {
      output.show(event);
      summary.show(event);
    },
    close: async () => {
      await Promise.all([output.close(), summary.close()]);
    },
  };
}
