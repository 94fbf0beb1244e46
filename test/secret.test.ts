import { format, inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { asKonvergeError, badInput, KonvergeError, refused } from '../lib/errors.ts';
import { isSecret, redact, reveal, secret } from '../lib/secret.ts';

const value = 'canary-7f3a9c';

describe('a secret', () => {
  const hidden = secret(value);
  it('opens only by reveal', () => expect(reveal(hidden)).toBe(value));
  it('is known as one', () =>
    expect([isSecret(hidden), isSecret(value), isSecret(null), isSecret({})]).toEqual([true, false, false, false]));
  it.each([
    ['a text', () => format('%s', hidden)],
    ['JSON', () => JSON.stringify({ hidden })],
    ['inspect', () => inspect({ hidden }, { depth: 9, showHidden: true })],
    ['its keys', () => Object.values(hidden).join()],
    ['an error message', () => badInput(`bad ${value}`).message],
  ])('does not show in %s', (_, show) => {
    expect(show()).not.toContain(value);
    expect(show()).not.toBe('');
  });
  it('is masked in any text, each of its lines too', () => {
    secret('line-one-secret\nline-two-secret');
    expect(redact(`x ${value} y line-two-secret z`)).toBe('x ••••• y ••••• z');
  });
  it.each([
    ['in JSON', (text: string) => JSON.stringify({ text })],
    ['in a URL', encodeURIComponent],
    ['in base64', (text: string) => Buffer.from(text).toString('base64')],
    [
      'in base64 with a line end, but for its last bytes',
      (text: string) => Buffer.from(`${text}\n`).toString('base64'),
    ],
  ])('is masked %s', (_, spell) => {
    secret('c4n4ry/"quoted" + more');
    const clean = redact(`said ${spell('c4n4ry/"quoted" + more')} and more`);
    expect(clean).toMatch(/^said .*•••••.* and more$/);
    expect(clean).not.toMatch(/c4n4ry|YzRu|quoted/);
  });
  it('is masked whole where another one is a part of it', () => {
    secret('part-of-it');
    secret('the part-of-it and the rest');
    expect(redact('x the part-of-it and the rest y part-of-it')).toBe('x ••••• y •••••');
  });
  it('holds other things than strings', () => expect(reveal(secret(42))).toBe(42));
  it('leaves short values alone in texts, which would be blanked out all over', () => {
    secret('no');
    expect(redact('no node')).toBe('no node');
  });
});

describe('errors', () => {
  it('keep what is known of their place and take what is new', () => {
    const error = refused('no', { place: { role: 'chrony' } }).at({ host: 'a', role: 'x' });
    expect(error.details.place).toEqual({ host: 'a', role: 'chrony' });
    expect(error).toMatchObject({ code: 'Refused', name: 'Refused', message: 'no' });
  });
  it('wrap what is not ours and keep its stack', () => {
    const bug = new TypeError('bug');
    expect(asKonvergeError(bug)).toMatchObject({ code: 'Unexpected', message: 'bug', stack: bug.stack });
    expect(asKonvergeError('text')).toMatchObject({ message: 'text' });
    const ours = new KonvergeError('X', 'x');
    expect(asKonvergeError(ours)).toBe(ours);
  });
});
