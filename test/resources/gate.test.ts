import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gate } from '../../lib/resources/gate.ts';
import { sh } from '../../lib/sh.ts';
import { converge, nothingChanged, shells, tempFolder } from './harness.ts';

describe.each(shells)('gate, under %s', (shell) => {
  it('waits until it is so', async () => {
    const path = join(await tempFolder(), 'ready');
    const wish = gate('it is ready', { until: sh`test -e ${path}`, seconds: 10, every: 0.05, mend: 'wait' });
    setTimeout(() => writeFileSync(path, ''), 200);
    expect(await converge(shell, wish)).toEqual([{ path: 'wait', to: 'it is ready' }]);
    expect(existsSync(path)).toBe(true);
    expect(await converge(shell, wish)).toEqual([]);
  });

  it('gives up in time, with what was said last', async () => {
    const until = sh`echo "still at $((1 + 1))"; echo why >&2; exit 5 # no`;
    const wish = gate('never', { until, seconds: 1, every: 0.2, mend: 'look at the log' });
    const began = performance.now();
    await expect(converge(shell, wish)).rejects.toMatchObject({
      code: 'TimedOut',
      message: 'waited 1 s in vain for: never',
      details: { said: 'still at 2\nwhy', mend: 'look at the log', touched: false },
    });
    expect(performance.now() - began).toBeLessThan(4000);
  });

  it('gives up on what says nothing', async () => {
    const wish = gate('never', { until: sh`false`, seconds: 0, mend: 'x' });
    const error: unknown = await converge(shell, wish).catch((thrown: unknown) => thrown);
    expect(error).not.toHaveProperty('details.said');
  });
});

it('is a gate', () => {
  const wish = gate('x', { until: sh`true`, seconds: 1, mend: 'x' });
  expect([wish.gate, wish.diff({ yes: true }, nothingChanged)]).toEqual([true, []]);
});
