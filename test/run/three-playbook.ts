import { join } from 'node:path';
import { command, defineInventory, defineRole, file, groupVars, play, playbook, sh } from 'konverge';
import { z } from 'zod';

export const vars = z.strictObject({ text: z.string().default('wished') });

/** Only its type matters here: what the playbook may ask of an inventory. */
const inventory = defineInventory({
  vars: groupVars('.', vars),
  hosts: { h1: { address: '10.9.0.1' } },
  groups: { three: ['h1'] },
});

const text = z.object({ text: z.string() });

/** Two plays: `first` writes a file; `slow` sleeps for `pause` seconds on each host; `last` writes another file. All in `made/HOST`. */
export function threePlaybook(made: string, pause: string) {
  const at = (host: string, name: string): string => join(made, host, name);
  const first = defineRole({
    name: 'first',
    vars: text,
    run: async ({ ensure, host }, { text: content }) => {
      await ensure(file(at(host.name, 'first'), { content }));
    },
  });
  const slow = defineRole({
    name: 'slow',
    vars: z.object({}),
    run: async ({ ensure, host }) => {
      const path = at(host.name, 'slow');
      const run = sh`echo begun; sleep ${pause}; echo done >${path}`;
      await ensure(command('slow', { unless: sh`[ -s ${path} ]`, run, what: 'slow' }));
      await ensure(file(at(host.name, 'slow-after'), { content: 'x' }));
    },
  });
  const last = defineRole({
    name: 'last',
    vars: text,
    run: async ({ ensure, host }, { text: content }) => {
      await ensure(file(at(host.name, 'last'), { content }));
    },
  });
  return playbook<typeof inventory>('three', ({ all }) => [
    play('The beginning', all, [first.for((host) => ({ text: host.vars.text })), slow({})]),
    play('The end', all, [last.for((host) => ({ text: host.vars.text }))]),
  ]);
}
