import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderSecretTemplate, renderTemplate } from '../../lib/run/template.ts';
import { isSecret, reveal, secret } from '../../lib/secret.ts';

const dir = join(import.meta.dirname, '../fixtures/role');
const render = (data: object): string => renderTemplate(dir, 'plain.ejs', { list: [], ...data });

describe('template', () => {
  it('renders configuration, not HTML', () =>
    expect(render({ a: `"<&>'`, list: [1, 'b'] })).toBe(`a "<&>'\nx 1\nx b\n`));
  it.each([
    ['undefined', undefined],
    ['null', null],
    ['an object', {}],
    ['an array', []],
    ['a secret', secret('hush-hush-hush')],
  ])('refuses %s', (_, a) => {
    expect(() => render({ a })).toThrow(/template plain\.ejs: plain\.ejs:1: /);
  });
  it('refuses a name that is not there, naming the line', () => {
    expect(() => renderTemplate(dir, 'plain.ejs', {})).toThrow(/plain\.ejs:1: a is not defined/);
  });
  it('says what does not compile, and no more', () => {
    const broken = mkdtempSync(join(tmpdir(), 'konverge-template-'));
    mkdirSync(join(broken, 'templates'));
    writeFileSync(join(broken, 'templates/x.ejs'), 'a\n<% if (x { %>b<% } %>\n');
    expect(() => renderTemplate(broken, 'x.ejs', {})).toThrow(/^template x\.ejs does not compile: [^\n]+$/);
    rmSync(broken, { recursive: true });
  });
  it('says which file is missing', () =>
    expect(() => renderTemplate(dir, 'gone.ejs', {})).toThrow(/gone\.ejs cannot be read/));
  it('opens secrets only into a secret text', () => {
    const text = renderSecretTemplate(dir, 'plain.ejs', { a: secret('hush-hush-hush'), list: [] });
    expect(isSecret(text)).toBe(true);
    expect(reveal(text)).toBe('a hush-hush-hush\n');
  });
});
