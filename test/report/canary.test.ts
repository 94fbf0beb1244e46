import { expect, test } from 'vitest';
import { commandFailed } from '../../lib/errors.ts';
import type { RunEvent } from '../../lib/report/events.ts';
import { viewFor } from '../../lib/report/index.ts';
import { secret } from '../../lib/secret.ts';
import { recapOf, resource } from './sample.ts';
import { fake } from './streams.ts';

const canary = 'c4n4ry-7f3a"quoted"';

/** A careless role puts the secret everywhere it can. */
const careless: readonly RunEvent[] = [
  { type: 'run-start', playbook: 'site', check: false, hosts: ['a'], at: 0 },
  { type: 'play-start', play: `play ${canary}`, hosts: ['a'], at: 0 },
  { type: 'role-start', host: 'a', play: 'p', role: 'r', at: 0 },
  resource('a', {
    id: `/etc/${canary}`,
    status: 'changed',
    changes: [{ path: canary, from: canary, to: `new ${canary}`, text: { before: 'x\n', after: `pass ${canary}\n` } }],
  }),
  resource('a', { id: canary }),
  { type: 'note', host: 'a', role: 'r', text: canary, at: 0 },
  { type: 'output', host: 'a', role: 'r', what: canary, line: `it says ${canary}`, at: 0 },
  {
    type: 'host-failed',
    host: 'a',
    error: commandFailed(canary, {
      ran: canary,
      said: `${canary}\n`,
      mend: canary,
      place: { resource: canary },
      cause: new Error(canary),
    }),
    at: 0,
  },
  { type: 'run-end', recap: [recapOf('a')], exitCode: 2, ms: 1, at: 1 },
];

test.each([
  { json: true, plain: false, isTTY: false },
  { json: false, plain: true, isTTY: false },
  { json: false, plain: false, isTTY: true },
])('no view ever shows a secret: %j', async ({ isTTY, ...view }) => {
  secret(canary);
  const stdout = fake({ isTTY, columns: 200 });
  const made = viewFor({ ...view, verbose: true, diff: true, check: false, profile: true, stdout, env: {} });
  for (const event of careless) {
    made.show(event);
    // The live view draws ten times a second.
    if (isTTY) await new Promise((resolve) => setTimeout(resolve, 110));
  }
  await made.close();
  expect(stdout.text()).not.toContain('c4n4ry');
  expect(stdout.text()).toContain('•••••');
});
