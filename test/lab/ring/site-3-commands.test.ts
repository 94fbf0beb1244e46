import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commandsIn, pages, textOf } from '../../docs/markdown.ts';
import { onTerminal } from '../../secrets/terminal.ts';
import { changed, inventoryFile, site } from './site.ts';

// Every command that the documentation shows is run: those with a playbook here, against the lab; the others elsewhere.

const elsewhere: readonly (readonly [RegExp, string])[] = [
  [/^npm ci && npm (run demo|test)$/, 'the demo; .ci/run'],
  [/^npm run demo$/, 'the demo'],
  [/^npm run lab -- (up|down|status|shell|reset|stop|start|snapshot|prune)\b/, 'ring e and the drills'],
  [/^npm (init|install) /, 'test/docs/writing.test.ts installs the package its own way'],
  [/^npx tsx playbooks\/logs\.ts /, 'test/docs/writing.test.ts, where that playbook is'],
  [/--inventory inventory\/mycluster\//, 'test/inventory/ansible, which has such an inventory'],
  [/playbooks\/secrets\.ts/, 'test/secrets, with keys and files of its own'],
];

const shown = pages().flatMap((page) => commandsIn(textOf(page)).map((command) => ({ page, command })));
const isOurs = (command: string): boolean =>
  existsSync(/playbooks\/[\w-]+\.ts/.exec(command)?.[0] ?? '') && !/mycluster|secrets\.ts/.test(command);

const playbooks = [...new Set(shown.map(({ command }) => command))].filter(isOurs);

/** The host names of the example inventory are the lab's with a prefix. */
const forLab = (command: string): string =>
  command
    .replaceAll('k8s-', '')
    .replace(/(playbooks\/[\w-]+\.ts)/, (file) =>
      command.includes('--inventory') ? file : `${file} --inventory ${inventoryFile}`,
    );

/** What comes out where that is not 0. */
const codes: readonly (readonly [RegExp, readonly number[]])[] = [
  [/--exit-code/, [0, 5]],
  // The run before it was complete: there is nothing to go on with, and that is said.
  [/--resume/, [3]],
];
const wellEnded = (command: string): readonly number[] => codes.find(([what]) => what.test(command))?.[1] ?? [0];

/** What those that ask are answered: the question, and the keys. Lab hosts let the key in as root: the passwords stay unused. */
const answers: readonly (readonly [RegExp, readonly (readonly [string, string])[]])[] = [
  [/--step$/, [['run it?', 'c\r']]],
  [
    /-k -K\b/,
    [
      ['SSH password: ', 'unused\r'],
      ['sudo password ', '\r'],
    ],
  ],
];
const answersTo = (command: string) => answers.find(([what]) => what.test(command))?.[1];
const asking = playbooks.filter((command) => answersTo(command) !== undefined);
const silent = playbooks.filter((command) => !asking.includes(command));

describe('commands of the documentation', () => {
  it('are all run somewhere', () => {
    const others = shown.filter(({ command }) => !isOurs(command));
    expect(others.filter(({ command }) => !elsewhere.some(([pattern]) => pattern.test(command)))).toEqual([]);
    expect(silent.length).toBeGreaterThan(8);
    expect(answers.filter(([what]) => !asking.some((command) => what.test(command)))).toEqual([]);
  });

  it.each(silent)('%s', (command) => {
    const env = { ...process.env, NO_COLOR: '1' };
    const done = spawnSync('bash', ['-o', 'pipefail', '-c', forLab(command)], { encoding: 'utf8', env, stdio: 'pipe' });
    expect({ said: done.stderr, code: done.status }).toEqual({
      said: expect.anything(),
      code: expect.toBeOneOf([...wellEnded(command)]),
    });
    expect(done.stdout).not.toContain('✖');
  });

  it.each(asking)('%s, on a terminal', async (command) => {
    const terminal = onTerminal(forLab(command).split(' '));
    for (const [question, keys] of answersTo(command) ?? []) {
      await terminal.shows(question);
      terminal.type(keys);
    }
    expect({ code: await terminal.ended, said: terminal.screen() }).toEqual({
      code: 0,
      said: expect.not.stringContaining('✖'),
    });
  });

  it('leave files where they say, and a lab that a run sets right again', () => {
    for (const file of ['run.html', 'run.xml', 'plan.json']) {
      expect(existsSync(file)).toBe(true);
      rmSync(file);
    }
    expect(site().code).toBe(0);
    expect(changed(site())).toEqual([]);
  });
});
