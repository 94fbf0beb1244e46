import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { asKonvergeError, refused } from '../../lib/errors.ts';
import type { HostSet, HostView } from '../../lib/inventory/types.ts';
import { directory, file } from '../../lib/resources/index.ts';
import { defineRole } from '../../lib/run/define-role.ts';
import { listing } from '../../lib/run/listing.ts';
import { type Play, play } from '../../lib/run/play.ts';
import { preparePlays } from '../../lib/run/prepare.ts';
import type { Context } from '../../lib/run/role.ts';

const dir = join(import.meta.dirname, '../fixtures/role');
const host = (name: string, vars: object = {}): HostView<object> => ({
  name,
  address: `10.0.0.${name.length}`,
  groups: [],
  vars,
});
const hosts = [host('a'), host('bb'), host('ccc')];
const all: HostSet<object> = {
  hosts,
  get first() {
    return all;
  },
  get rest() {
    return all;
  },
};
const everything = { tags: [], skipTags: [], hosts: undefined };

const greet = defineRole({
  name: 'greet',
  dir,
  vars: z.strictObject({ to: z.string(), twice: z.boolean().default(false) }),
  refuse: (vars) => (vars.to === 'nobody' ? ['there must be somebody'] : []),
  run: ({ template }, vars) => {
    template('plain.ejs', { a: vars.to, list: [] });
    return Promise.resolve();
  },
});

const prepare = (steps: Play['steps'], over: object = {}) =>
  preparePlays([play('p', all, steps)], { ...everything, ...over }, hosts);
const problem = async (steps: Play['steps']) => asKonvergeError(await prepare(steps).catch((error: unknown) => error));

describe('preparing plays', () => {
  it('gives each host its steps', async () => {
    const [only] = await prepare([greet({ to: 'you' })]);
    expect(hosts.map((each) => only?.stepsOn(each).length)).toEqual([1, 1, 1]);
  });

  it('keeps to the hosts and tags that are selected', async () => {
    const [only] = await prepare([greet({ to: 'you' }), greet({ to: 'me' }).tagged('own')], {
      tags: ['own'],
      hosts: new Set(['bb']),
    });
    expect(hosts.map((each) => only?.stepsOn(each).length)).toEqual([0, 1, 0]);
    expect(only?.stepsOn(host('bb'))[0]?.tags).toEqual(['greet', 'own']);
  });

  it('says the same mistake of all hosts once, with exit class BadInput', async () => {
    const wrong: Play['steps'] = [greet.for(() => JSON.parse('{"to": 3, "tow": 1}'))];
    const error = await problem(wrong);
    expect(error.code).toBe('BadInput');
    expect(error.message.match(/expected string/g)).toHaveLength(1);
    expect(error.message).toContain('tow');
  });

  it('asks the role what it refuses', async () => {
    expect(await problem([greet({ to: 'nobody' })])).toMatchObject({
      code: 'BadInput',
      message: 'there must be somebody; the same on 2 more hosts',
    });
  });

  it('lists several problems at once', async () => {
    const bare = defineRole({
      name: 'bare',
      vars: z.strictObject({}),
      run: () => Promise.reject(new TypeError('boom')),
    });
    const error = await problem([greet({ to: 'nobody' }), bare({})]);
    expect(error.message).toMatch(/2 problems/);
    expect(error.message).toMatch(/somebody[\s\S]*boom/);
  });

  it('renders templates before anything is contacted', async () => {
    const broken = defineRole({
      name: 'broken',
      dir,
      vars: z.strictObject({}),
      run: ({ template }) => Promise.resolve(template('plain.ejs', {})).then(() => undefined),
    });
    expect((await problem([broken({})])).message).toMatch(/a is not defined/);
  });

  it('says which line of the role a mistake comes from, and of how many hosts it is true', async () => {
    const list: readonly string[] = [];
    const careless = defineRole({
      name: 'careless',
      vars: z.strictObject({}),
      run: async () => Promise.resolve(list[3]?.length.toFixed() ?? JSON.parse('{')),
    });
    const error = await problem([careless({})]);
    expect(error.message).toMatch(/; the same on 2 more hosts$/);
    expect(error.details.place).toMatchObject({
      role: 'careless',
      at: expect.stringMatching(/prepare\.test\.ts:\d+$/),
    });
  });

  it('finds an ensure that is not awaited: by the next one, or by the end of the role', async () => {
    const role = (run: (context: Context) => Promise<void>) =>
      defineRole({ name: 'hasty', vars: z.strictObject({}), run })({});
    const wish = directory('/opt/x');
    const next = await problem([
      role(async ({ ensure }) => {
        void ensure(wish);
        await ensure(wish);
      }),
    ]);
    const end = await problem([
      role(async ({ ensure }) => {
        await Promise.resolve();
        void ensure(wish);
      }),
    ]);
    const mend = expect.stringContaining('write `await`');
    const place = { role: 'hasty', at: expect.stringMatching(/prepare\.test\.ts:\d+$/) };
    expect(next).toMatchObject({ code: 'BadInput', details: { mend, place } });
    expect(next.message).toMatch(/^an await is missing: ensure was called while an earlier ensure/);
    expect(end).toMatchObject({ code: 'BadInput', details: { mend, place } });
    expect(end.message).toMatch(/^an await is missing: the role ended/);
  });

  it('refuses two contents for one file', async () => {
    const torn = defineRole({
      name: 'torn',
      vars: z.strictObject({}),
      run: async ({ ensure }) => {
        await ensure(file('/etc/a', { content: 'a' }), file('/etc/b', { content: 'b' }));
        await ensure(file('/etc/a', { content: 'b' }));
      },
    });
    const error = await problem([torn({})]);
    expect(error.message).toMatch(/^file \/etc\/a is wished twice in this role, with different content/);
  });

  it('does not wait for a role that waits for no host', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const waits = defineRole({
      name: 'waits',
      vars: z.strictObject({}),
      run: () => {
        setImmediate(() => vi.advanceTimersByTime(10_000));
        return new Promise(() => undefined);
      },
    });
    const error = await problem([waits({})]).finally(() => vi.useRealTimers());
    expect(error.message).toMatch(/^the role had not ended after 10 s/);
  });

  it('does not take a refusal on assumed facts for a mistake', async () => {
    const picky = defineRole({
      name: 'picky',
      vars: z.strictObject({}),
      run: () => Promise.reject(refused('too small')),
    });
    await expect(prepare([picky({})])).resolves.toHaveLength(1);
  });

  it('stops the rehearsal where only a real host can answer', async () => {
    const asks = defineRole({
      name: 'asks',
      vars: z.strictObject({}),
      run: async ({ on }) => {
        await on('bb');
        throw new Error('not reached');
      },
    });
    await expect(prepare([asks({})])).resolves.toHaveLength(1);
  });
});

describe('listings', () => {
  const plays = [play('First', all, [greet({ to: 'x' })], { tags: ['base'], serial: [1, '50%'] })];
  it('show plays, roles and tags as they would run', () => {
    expect(listing('tasks', 'site', plays)).toBe(
      'playbook site\n\n  1. First, serial 1, 50%\n     a bb ccc\n    greet  [base, greet]',
    );
    const many = Array.from({ length: 12 }, (_, i) => host(`w${String(i + 1).padStart(3, '0')}`));
    const fleet = { ...all, hosts: [host('mn1'), host('mn2'), ...many, host('x')] };
    expect(listing('tasks', 'site', [play('Many', fleet, [greet({ to: 'x' })])])).toContain(
      '\n     mn1 mn2 w001–w012 x  (15 hosts)\n',
    );
    expect(listing('hosts', 'site', plays)).toBe('a\nbb\nccc');
    expect(listing('tags', 'site', plays)).toBe('base\ngreet');
  });
});
