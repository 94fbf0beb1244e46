import { writeFileSync } from 'node:fs';
import { absent, command, defineRole, directory, file, main, play, playbook, sh } from 'konverge';
import { z } from 'zod';
import { type LoopWatch, watchLoop } from './loop-watch.ts';

// Run by hundred.test.ts as a program of its own. Every host has a /run of its own, and all that is written goes there.

const folder = '/run/konverge-hundred';

let stop: (() => LoopWatch) | undefined;

const files = defineRole({
  name: 'files',
  vars: z.strictObject({ text: z.string() }),
  async run({ ensure, note, host }, { text }) {
    await ensure(directory(folder));
    const wished = Array.from({ length: 4 }, (_, i) => file(`${folder}/${i}.conf`, { content: `${i}\n${text}` }));
    // What is as wished costs the host little, and this process as much as anything else.
    const gone = Array.from({ length: 30 }, (_, i) => absent(`${folder}/${i}.gone`));
    await ensure(...wished, ...gone);
    await ensure(...wished, ...gone);
    note(`${host.name} has its files`);
  },
});

const talk = defineRole({
  name: 'talk',
  vars: z.strictObject({}),
  async run({ ensure }) {
    const said = `${folder}/said`;
    await ensure(
      command('talk', {
        run: sh`i=0; while [ $i -lt 300 ]; do echo "line $i of what a long command has to say"; i=$((i+1)); done; sleep 0.5; : >${said}`,
        unless: sh`[ -e ${said} ]`,
      }),
    );
  },
});

const text = Array.from({ length: 40 }, (_, i) => `setting.${i} = a value that is as long as they usually are\n`).join(
  '',
);

const hundred = playbook('hundred', ({ all }) => [
  play('Every host has its files', all, [files({ text })]),
  play('Every host talks', all, [
    talk.for(({ name }) => {
      // The last host of the last play: all that is left before the first connection is the start of the run itself.
      if (name === all.hosts.at(-1)?.name) stop ??= watchLoop();
      return {};
    }),
  ]),
]);

await main(import.meta, hundred);
const seen = stop?.();
const out = process.env['KONVERGE_LOOP_FILE'];
if (seen !== undefined && out !== undefined) writeFileSync(out, JSON.stringify(seen));
