import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { onTerminal, type Terminal } from '../secrets/terminal.ts';
import { filesIn, type ThreeHosts, threeHosts } from './three-hosts.ts';
import { rolesOf } from './under-way.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let three: ThreeHosts;
beforeAll(async () => {
  three = await threeHosts();
});
beforeEach(() => three.reset());
afterAll(() => three.remove());

const step = (...more: readonly string[]): Terminal => {
  const flags = ['--step', '--skip-tags', 'slow', '--limit', 'h1,h2', ...more];
  return onTerminal([process.execPath, '--import', 'tsx', 'three.ts', ...flags], {
    cwd: three.folder,
    env: { ...process.env, NO_COLOR: '1' },
  });
};

describe('--step', () => {
  it('asks once a role for all hosts: no skips it, yes runs it; --resume makes up for it', async () => {
    const terminal = step();
    await terminal.shows('The beginning · first: run it?');
    terminal.type('perhaps\r');
    await terminal.shows('perhaps');
    terminal.type('n\r');
    await terminal.shows('The end · last: run it?');
    terminal.type('y\r');
    expect(await terminal.ended).toBe(0);
    // what it does not understand it asks again
    expect(terminal.screen().match(/first: run it\?/g)).toHaveLength(2);
    expect(terminal.screen().match(/last: run it\?/g)).toHaveLength(1);
    expect(filesIn(three.made)).toEqual(['h1/last', 'h2/last']);
    expect(terminal.screen()).toContain('to go on where it stopped: --resume');
    const resumed = await three.here('--resume', '--json');
    expect(rolesOf(resumed.stdout)).toEqual(['h1 first', 'h2 first']);
  });

  it('continue asks no more', async () => {
    const terminal = step();
    await terminal.shows('first: run it?');
    terminal.type('c\r');
    expect(await terminal.ended).toBe(0);
    expect(terminal.screen()).not.toContain('last: run it?');
    expect(filesIn(three.made)).toEqual(['h1/first', 'h1/last', 'h2/first', 'h2/last']);
  });

  it.each([
    ['quit', 'q\r'],
    ['Ctrl-C', '\u0003'],
  ])('%s is an interrupt, with a recap', async (_, keys) => {
    const terminal = step();
    await terminal.shows('first: run it?');
    terminal.type('y\r');
    await terminal.shows('last: run it?');
    terminal.type(keys);
    expect(await terminal.ended).toBe(130);
    expect(terminal.screen()).toMatch(/host +ok +changed/);
    expect(terminal.screen()).toContain('h1, h2: before last; left: last');
    expect(terminal.screen()).toContain('to go on where it stopped: --resume\r\n');
    expect(terminal.screen()).toContain('  asked before each role again: --resume --step\r\n');
    expect(terminal.screen()).not.toContain('left out');
    expect(filesIn(three.made)).toEqual(['h1/first', 'h2/first']);
  });

  it('quit tells what was left out apart from what is left, and how to go on', async () => {
    const terminal = step('-e', 'text=other');
    await terminal.shows('first: run it?');
    terminal.type('n\r');
    await terminal.shows('last: run it?');
    terminal.type('q\r');
    expect(await terminal.ended).toBe(130);
    const said = [
      'h1, h2: before last; left: last; left out: first',
      'to go on where it stopped: --resume, with the same -e',
      '  asked before each role again: --resume --step, with the same -e',
      '  either begins with what you left out: first',
    ];
    expect(terminal.screen()).toContain(said.join('\r\n'));
    expect(filesIn(three.made)).toEqual([]);
    const resumed = await three.run('--resume', '--json', '-e', 'text=other');
    expect(rolesOf(resumed.stdout)).toEqual(['h1 first', 'h1 last', 'h2 first', 'h2 last']);
  });

  it('needs a terminal, for itself alone', async () => {
    const terminal = onTerminal([process.execPath, '--import', 'tsx', 'three.ts', '--step', '--json'], {
      cwd: three.folder,
    });
    const { code, stderr } = await three.run('--step');
    expect(code).toBe(3);
    expect(stderr).toContain('there is no terminal to ask on');
    expect(await terminal.ended).toBe(3);
    expect(terminal.screen()).toContain('--json leaves no room for that');
  });
});
