import { expect, test } from 'vitest';
import { viewFor } from '../../lib/report/index.ts';
import { jsonOf } from '../../lib/report/json.ts';
import { secret } from '../../lib/secret.ts';
import { invalid, resource, sampleRun } from './sample.ts';
import { fake } from './streams.ts';

test('one event a line, whatever the terminal, nothing else', async () => {
  const stdout = fake({ isTTY: true });
  const view = viewFor({ json: true, plain: false, verbose: true, diff: true, check: false, stdout });
  for (const event of sampleRun()) view.show(event);
  await view.close();
  const lines = stdout.text().trimEnd().split('\n');
  const events = lines.map((line): unknown => JSON.parse(line));
  expect(events).toHaveLength(sampleRun().length);
  expect(events.filter((event) => !isVersioned(event))).toEqual([]);
  expect(events[0]).toEqual({ v: 1, ...sampleRun()[0] });
});

const isVersioned = (event: unknown): boolean =>
  typeof event === 'object' && event !== null && 'v' in event && event.v === 1 && 'type' in event;

test('a failure has what the text view shows of it, and no stack', () => {
  expect(JSON.parse(jsonOf({ type: 'host-failed', host: 'mn01', error: invalid, at: 5 }))).toEqual({
    v: 1,
    type: 'host-failed',
    host: 'mn01',
    error: { code: 'CommandFailed', message: 'validation failed', ...invalid.details },
    at: 5,
  });
});

test('a secret is masked even where JSON would escape it', () => {
  secret('can"ary\\with\tescapes');
  const event = resource('a', { changes: [{ path: 'x', to: 'is can"ary\\with\tescapes here' }] });
  expect(JSON.parse(jsonOf(event))).toMatchObject({ changes: [{ to: 'is ••••• here' }] });
});
