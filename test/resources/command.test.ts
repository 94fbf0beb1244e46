import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { command } from '../../lib/resources/command.ts';
import type { WriteOptions, Writer } from '../../lib/resources/contract.ts';
import { output } from '../../lib/resources/output.ts';
import { isSecret, redact, secret } from '../../lib/secret.ts';
import { sh } from '../../lib/sh.ts';
import { changedOnly, converge, localWriter, nothingChanged, probeOn, shells, tempFolder } from './harness.ts';

describe.each(shells)('command, under %s', (shell) => {
  it('runs what is needed to make `unless` true', async () => {
    const path = join(await tempFolder(), "it's");
    const wish = command('make it', { run: sh`echo x >>${path}`, unless: sh`test -e ${path} # is there?` });
    expect(await converge(shell, wish)).toEqual([{ path: 'command', to: 'make it' }]);
    expect(await converge(shell, wish)).toEqual([]);
    expect(readFileSync(path, 'utf8')).toBe('x\n');
  });

  it.each([
    ['exit 0', true],
    ['exit 7', false],
    ['no-such-program', false],
    ['cat; echo noise; echo noise >&2', true],
    ['cat <<END\nx\nEND', true],
  ])('asks `%s`', async (text, yes) => {
    const unless = { ...sh``, text };
    expect(await probeOn(shell, command('x', { run: sh`:`, unless }))).toEqual({ yes });
  });

  it('fails when it fails', async () => {
    const wish = command('break it', { run: sh`echo "no way" >&2; exit 3`, unless: sh`false`, what: 'breaking' });
    await expect(converge(shell, wish)).rejects.toMatchObject({
      message: 'breaking failed (exit 3)',
      details: { said: 'no way\n' },
    });
  });
});

describe('command', () => {
  it('shows the changes it was given, and hands on its time limit', async () => {
    const changes = [{ path: 'token', to: 'new' }];
    const { host, given } = recorder('');
    const wish = command('x', { run: sh`:`, unless: sh`false`, changes, timeout: 7, what: 'w' });
    expect(wish.diff({ yes: false }, nothingChanged)).toEqual(changes);
    await wish.apply(host, changes, { yes: false });
    expect(given).toEqual([{ what: 'w', timeout: 7 }]);
  });
});

function recorder(stdout: string): { host: Writer; given: WriteOptions[] } {
  const given: WriteOptions[] = [];
  const host: Writer = {
    ...localWriter(),
    run(_, options = {}) {
      given.push(options);
      return Promise.resolve({ code: 0, stdout: Buffer.from(stdout), stderr: Buffer.alloc(0), ms: 0 });
    },
  };
  return { host, given };
}

describe('output', () => {
  const token = output('token', { run: sh`echo " 42 "`, parse: (text) => Number(text.trim()) });

  it.each(shells)('gives what was printed, under %s', async (shell) => {
    const state = await probeOn(shell, token);
    const changes = token.diff(state, nothingChanged);
    expect(changes).toEqual([{ path: 'output', to: 'token' }]);
    expect(await token.apply(localWriter(shell), changes, state)).toBe(42);
    // The engine says `changed` of what it has just applied.
    expect(token.diff(await probeOn(shell, token), changedOnly(token))).toEqual([]);
  });

  it('is not run when `unless` says so', async () => {
    const path = join(await tempFolder(), 'x');
    const wish = output('x', { run: sh`touch ${path}`, unless: sh`true`, parse: String });
    expect(await converge('dash', wish)).toEqual([]);
    expect(existsSync(path)).toBe(false);
  });

  it('masks a secret from the moment it exists', async () => {
    const { host, given } = recorder('abcdef.0123456789\nsecond-line\n');
    const wish = output('t', { run: sh`:`, parse: (text) => secret(text), secret: true, timeout: 9 });
    const out = await wish.apply(host, [], { yes: false });
    expect(isSecret(out)).toBe(true);
    expect(given).toEqual([{ what: 't', timeout: 9, secret: true }]);
    expect(redact('got abcdef.0123456789 and second-line')).toBe('got ••••• and •••••');
  });
});
