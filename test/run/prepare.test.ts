import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { asKonvergeError, refused } from '../../lib/errors.ts';
import type { HostSet, HostView } from '../../lib/inventory/types.ts';
import { defineRole } from '../../lib/run/define-role.ts';
import { listing } from '../../lib/run/listing.ts';
import { type Play, play } from '../../lib/run/play.ts';
import { preparePlays } from '../../lib/run/prepare.ts';

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
      message: 'there must be somebody',
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
    expect(listing('hosts', 'site', plays)).toBe('a\nbb\nccc');
    expect(listing('tags', 'site', plays)).toBe('base\ngreet');
  });
});
