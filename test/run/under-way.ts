import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { pidsOf } from '../connection/sshd.ts';
import type { Started, ThreeHosts } from './three-hosts.ts';

/** Until the slow role of a run with `--json` is at work on all three hosts. */
export async function slowUnderWay(three: ThreeHosts, run: Started): Promise<void> {
  for (let tries = 0; tries < 800 && pidsOf(three.slow).length < 3 && run.child.exitCode === null; tries++) {
    await sleep(25);
  }
  expect(pidsOf(three.slow)).toHaveLength(3);
}

/** `HOST ROLE` of the roles that were run, by what `--json` printed. */
export const rolesOf = (stdout: string): readonly string[] =>
  [...stdout.matchAll(/"type":"role-start","host":"(\w+)","play":"[^"]*","role":"(\w+)"/g)]
    .map(([, host, role]) => `${host} ${role}`)
    .toSorted();

/** `HOST TEXT` of what a resumed run says of the one before. */
export const resumeNotes = (stdout: string): readonly string[] =>
  [...stdout.matchAll(/"type":"note","host":"(\w+)","role":"resume","text":"([^"]*)"/g)]
    .map(([, host, text]) => `${host} ${text}`)
    .toSorted();

/** How many roles each host is said to have skipped. */
export const skippedOf = (stdout: string): readonly number[] =>
  [...(stdout.split('"type":"run-end"')[1] ?? '').matchAll(/"skipped":(\d+)/g)].map(([, count]) => Number(count));
