import { z } from 'zod';
import { badInput } from '../errors.ts';
import { didYouMean } from '../suggest.ts';
import type { Play } from './play.ts';

/** What of a playbook is to run, as it was typed; kept in plans and journals. */
export const selectionSchema = z.object({
  tags: z.array(z.string()).readonly(),
  skipTags: z.array(z.string()).readonly(),
  limit: z.string().optional(),
  startAt: z.string().optional(),
});
export type TypedSelection = z.infer<typeof selectionSchema>;

/** The plays from the first step of `role` on. @throws BadInput when no play has it */
export function startingAt<V>(plays: readonly Play<V>[], role: string | undefined): readonly Play<V>[] {
  if (role === undefined) return plays;
  const at = plays.findIndex((play) => play.steps.some((step) => step.role === role));
  const first = plays[at];
  if (first === undefined) {
    const roles = [...new Set(plays.flatMap((play) => play.steps.map((step) => step.role)))];
    const near = didYouMean(role, roles);
    throw badInput(`--start-at: no role '${role}' is selected`, {
      mend: `${near === undefined ? '' : `${near} `}roles in order: ${roles.join(', ')}`,
    });
  }
  const steps = first.steps.slice(first.steps.findIndex((step) => step.role === role));
  return [{ ...first, steps }, ...plays.slice(at + 1)];
}

/** Flags of selection beside one that brings a selection of its own (`--plan`, `--resume`). @throws BadInput */
export function refuseSelection(flag: string, typed: TypedSelection): void {
  const given = [
    ...(typed.tags.length > 0 ? ['--tags'] : []),
    ...(typed.skipTags.length > 0 ? ['--skip-tags'] : []),
    ...(typed.limit === undefined ? [] : ['--limit']),
    ...(typed.startAt === undefined ? [] : ['--start-at']),
  ];
  if (given.length === 0) return;
  throw badInput(`${flag} has a selection of its own, so ${given.join(' and ')} cannot be given`, {
    mend: `type ${flag} without ${given.join(' and ')}`,
  });
}
