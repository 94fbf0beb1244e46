import type { RunEvent } from '../report/events.ts';
import { driftOf, planGuard } from './plan-drift.ts';
import { type Plan, plannedIn } from './plan-file.ts';
import type { PreparedPlay } from './prepare.ts';
import { sayTo } from './say.ts';
import { type Run, runPlays } from './schedule.ts';

/**
 * Runs exactly the plan. First every host is checked once more, under its lock: where one cannot be, or has drifted from the
 * plan, that is said of each such host and nothing is changed on any. Then the plays run, and a change that is not in the
 * plan is refused before it is made.
 */
export async function runPlanned(run: Run, plays: readonly PreparedPlay[], plan: Plan): Promise<void> {
  const events: RunEvent[] = [];
  const say = sayTo((event) => events.push(event));
  const lost = new Set<string>();
  const fail: Run['fail'] = (host, play, error) => {
    lost.add(host);
    run.fail(host, play, error);
  };
  await runPlays({ ...run, check: true, say, lost, fail, changed: new Set(), skip: () => undefined }, plays);
  const drift = [...driftOf(plan.changes, plannedIn(events))].filter(([host]) => !lost.has(host));
  for (const [host, error] of drift) run.fail(host, undefined, error);
  if (lost.size > 0 || drift.length > 0) return;
  await runPlays({ ...run, allow: planGuard(plan.changes) }, plays);
}
