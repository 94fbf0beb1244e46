import { expect, test } from 'vitest';
import { z } from 'zod';
import { secretString } from '../../lib/inventory/secret-schema.ts';
import { isSecret, reveal, secret } from '../../lib/secret.ts';

const schema = z.strictObject({ pass: secretString({ min: 3, max: 8 }) });
const messages = (pass: unknown) =>
  schema.safeParse(pass === undefined ? {} : { pass }).error?.issues.map((issue) => issue.message);

test('text becomes a secret', () => {
  const { pass } = schema.parse({ pass: 'sesame' });
  expect(isSecret(pass)).toBe(true);
  expect(reveal(pass)).toBe('sesame');
  expect(JSON.stringify({ pass })).not.toContain('sesame');
});

test('a secret stays the one it is', () => {
  const made = secret('sesame');
  expect(schema.parse({ pass: made }).pass).toBe(made);
});

test.each<readonly [unknown, string]>([
  [undefined, 'is missing'],
  [12_345, 'is a number where text is wanted'],
  [null, 'must be text'],
  [{ a: 1 }, 'must be text'],
  ['correct-horse', 'is 13 characters long, at most 8 are allowed'],
  ['ab', 'is 2 characters long, at least 3 are wanted'],
  [secret('correct-horse'), 'is 13 characters long, at most 8 are allowed'],
  [secret(7), 'is a number where text is wanted'],
])('%s is refused without being repeated', (pass, message) => {
  expect(messages(pass)).toEqual([message]);
});

test('without limits anything but nothing', () => {
  expect(secretString().safeParse('').success).toBe(false);
  expect(secretString().optional().parse(undefined)).toBeUndefined();
});
