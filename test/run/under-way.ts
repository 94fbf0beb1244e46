import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { pidsOf } from '../connection/sshd.ts';
import type { Started, ThreeHosts } from './three-hosts.ts';

/** Until the slow role of a run with `--json` is at work on all three hosts. */
export async function slowUnderWay(three: ThreeHosts, run: Started): Promise<void> {
  let pids: readonly number[] = [];
  for (let tries = 0; tries < 800 && pids.length < 3 && run.child.exitCode === null; tries++) {
    await sleep(25);
    pids = pidsOf(three.slow);
  }
  expect(pids).toHaveLength(3);
}

/** Wakes the slow role wherever it falls asleep, until the run has ended. */
export async function wakingUntil<T>(three: ThreeHosts, ended: Promise<T>): Promise<T> {
  const timer = setInterval(() => three.wake(), 100);
  try {
    return await ended;
  } finally {
    clearInterval(timer);
  }
}

/** Ctrl-C. Resolves once the program has dealt with it: of two that wait, the kernel makes one. */
export const pressCtrlC = (run: Started): Promise<void> => signal(run, 'SIGINT');

/** A signal. Resolves once the program has dealt with it. */
export async function signal({ child }: Started, name: 'SIGINT' | 'SIGHUP'): Promise<void> {
  child.kill(name);
  const state = (): string => statusOf(child.pid ?? 0);
  await expect.poll(() => isPending(state(), constants.signals[name]), { interval: 5, timeout: 20_000 }).toBe(false);
  await sleep(20);
  // It waits for what comes next.
  await expect.poll(state, { interval: 5, timeout: 20_000 }).toMatch(/^State:\s*S|^$/m);
}

/** proc(5); empty when the process is gone. */
function statusOf(pid: number): string {
  return existsSync(`/proc/${pid}`) ? readFileSync(`/proc/${pid}/status`, 'latin1') : '';
}

function isPending(status: string, number: number): boolean {
  const masks = [...status.matchAll(/^(?:Sig|Shd)Pnd:\s*([0-9a-f]+)$/gm)].map(([, mask]) => BigInt(`0x${mask ?? 0}`));
  return masks.some((mask) => (mask & (1n << BigInt(number - 1))) !== 0n);
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
