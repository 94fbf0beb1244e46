import { expect, test } from 'vitest';
import { selects } from '../../lib/plan/tags.ts';

const steps = {
  plain: [],
  t1: ['x'],
  t2: ['y'],
  alw: ['always'],
  nev: ['never'],
  nevx: ['never', 'x'],
  alwx: ['always', 'x'],
  alwnev: ['always', 'never'],
};

// [--tags, --skip-tags, what runs], as Ansible 2.14 does.
const table: readonly [only: string, skip: string, runs: string][] = [
  ['', '', 'plain t1 t2 alw alwx alwnev'],
  ['all', '', 'plain t1 t2 alw alwx alwnev'],
  ['x', '', 't1 alw nevx alwx alwnev'],
  ['x,y', '', 't1 t2 alw nevx alwx alwnev'],
  ['tagged', '', 't1 t2 alw alwx alwnev'],
  ['untagged', '', 'plain alw alwx alwnev'],
  ['never', '', 'alw nev nevx alwx alwnev'],
  ['nosuch', '', 'alw alwx alwnev'],
  ['', 'x', 'plain t2 alw alwnev'],
  ['x', 'always', 't1 nevx'],
  ['', 'always', 'plain t1 t2'],
  ['', 'all', 'alw alwx alwnev'],
  ['', 'all,always', ''],
  ['', 'tagged', 'plain'],
  ['', 'untagged', 't1 t2 alw alwx alwnev'],
  ['', 'never', 'plain t1 t2 alw alwx'],
  ['untagged,x', '', 'plain t1 alw nevx alwx alwnev'],
];

const list = (text: string): string[] => text.split(',').filter((tag) => tag !== '');

test.each(table)('--tags "%s" --skip-tags "%s" runs: %s', (only, skip, runs) => {
  const ran = Object.entries(steps).filter(([, tags]) => selects(tags, list(only), list(skip)));
  expect(ran.map(([name]) => name).join(' ')).toBe(runs);
});
