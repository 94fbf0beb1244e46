import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { interrupted, KonvergeError } from '../../lib/errors.ts';
import { command } from '../../lib/resources/command.ts';
import type { AnyResource, Resource } from '../../lib/resources/contract.ts';
import type { Bench } from '../../lib/run/bench.ts';
import { ensureAll } from '../../lib/run/ensure.ts';
import { sh } from '../../lib/sh.ts';
import { type ShellSession, shellSession } from './shell-session.ts';

let dir: string;
let session: ShellSession;
let said: string[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ensure-'));
  session = shellSession();
  said = [];
});
afterEach(() => rmSync(dir, { recursive: true }));

const bench = (over: Partial<Bench> = {}): Bench => ({
  session,
  check: false,
  changed: new Set(),
  pause: () => undefined,
  allow: () => undefined,
  report: (resource, status) => said.push(`${resource.id} ${status}`),
  live: () => undefined,
  ...over,
});

/** A file with this text; `after` are other resources whose change makes this one act again. */
function text(name: string, wished: string, over: Partial<Resource<string, string>> = {}): Resource<string, string> {
  const path = join(dir, name);
  return {
    kind: 'text',
    id: name,
    probe: { script: sh`cat ${path} 2>/dev/null || :`, parse: (out) => out.toString() },
    diff: (state) => (state === wished ? [] : [{ path: 'content', from: state, to: wished }]),
    apply: async (host) => {
      await host.run(sh`printf %s ${wished} > ${path}`);
      return wished;
    },
    ...over,
  };
}

const read = (name: string): string => readFileSync(join(dir, name), 'utf8');

describe('ensure', () => {
  it('costs one round trip when all is as wished', async () => {
    writeFileSync(join(dir, 'a'), '1');
    writeFileSync(join(dir, 'b'), '2');
    const outcomes = await ensureAll(bench(), [text('a', '1'), text('b', '2')]);
    expect(session.trips).toBe(1);
    expect(outcomes.map((each) => each.status)).toEqual(['ok', 'ok']);
  });

  it('costs 1 + k round trips for k changes, and returns what apply returned', async () => {
    writeFileSync(join(dir, 'b'), '2');
    const outcomes = await ensureAll(bench(), [text('a', '1'), text('b', '2'), text('c', '3')]);
    expect(session.trips).toBe(3);
    expect(outcomes).toEqual([
      { status: 'changed', out: '1' },
      { status: 'ok', out: undefined },
      { status: 'changed', out: '3' },
    ]);
    expect(said).toEqual(['a changed', 'b ok', 'c changed']);
  });

  it('changes nothing under --check and says the same list', async () => {
    const wishes = [text('a', '1'), text('b', '2')];
    await ensureAll(bench({ check: true }), wishes);
    expect(existsSync(join(dir, 'a'))).toBe(false);
    expect(session.trips).toBe(1);
    const predicted = said.map((line) => line.replace('would-change', 'changed'));
    said = [];
    await ensureAll(bench(), wishes);
    expect(said).toEqual(predicted);
  });

  it('probes again what an earlier change has altered', async () => {
    writeFileSync(join(dir, 'b'), '2');
    const breaks = text('a', '1', {
      apply: async (host) => {
        await host.run(sh`printf 1 > ${join(dir, 'a')}; printf broken > ${join(dir, 'b')}`);
        return '';
      },
    });
    await ensureAll(bench(), [breaks, text('b', '2')]);
    expect(read('b')).toBe('2');
    expect(said).toEqual(['a changed', 'b changed']);
  });

  it('tells later resources what was changed, or would be', async () => {
    const conf = text('conf', 'x');
    const service = text('svc', 'up', {
      diff: (state, seen) => (state === 'up' && !seen.changed(conf) ? [] : [{ path: 'restart', to: 'now' }]),
    });
    writeFileSync(join(dir, 'svc'), 'up');
    await ensureAll(bench({ check: true }), [conf, service]);
    expect(said).toEqual(['conf would-change', 'svc would-change']);
  });

  it('throws DidNotConverge when the diff is not empty after apply', async () => {
    const lies = text('a', '1', { apply: () => Promise.resolve('') });
    await expect(ensureAll(bench(), [lies])).rejects.toMatchObject({ code: 'DidNotConverge' });
  });

  it('tells of a command that did not make its `unless` true what it said', async () => {
    const idle = command('idle', { run: sh`echo nothing to do`, unless: sh`false` });
    await expect(ensureAll(bench(), [idle])).rejects.toMatchObject({
      code: 'DidNotConverge',
      message: 'it was run, exited 0, and its `unless` still does not hold',
      details: { said: 'nothing to do', touched: true },
    });
  });

  it('throws ProbeFailed with what the probe said', async () => {
    const bad: AnyResource = text('a', '1', { probe: { script: sh`echo no >&2; exit 3`, parse: String } });
    const error = await ensureAll(bench(), [bad]).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(KonvergeError);
    expect(error).toMatchObject({ code: 'ProbeFailed', details: { said: 'no', touched: false } });
  });

  it('says what was run, what it said and that the host was touched when an apply fails', async () => {
    const fails = text('a', '1', {
      apply: async (host) => {
        await host.run(sh`echo no space >&2; exit 28`, { what: 'write a' });
        return '';
      },
    });
    await expect(ensureAll(bench(), [fails])).rejects.toMatchObject({
      code: 'CommandFailed',
      details: { said: 'no space', touched: true, place: { resource: 'text a' } },
    });
  });

  it('does not repeat an apply that was carried out before the connection was lost', async () => {
    let runs = 0;
    const counted = text('a', '1', {
      apply: async (host) => {
        runs += 1;
        session.cut = 'after';
        await host.run(sh`printf 1 > ${join(dir, 'a')}`);
        return '';
      },
    });
    await ensureAll(bench(), [counted]);
    expect(runs).toBe(1);
    expect(said).toEqual(['a changed']);
  });

  it('applies again, once, what the lost connection had swallowed', async () => {
    let runs = 0;
    const counted = text('a', '1', {
      apply: async (host) => {
        runs += 1;
        if (runs === 1) session.cut = 'before';
        await host.run(sh`printf 1 > ${join(dir, 'a')}`);
        return '';
      },
    });
    await ensureAll(bench(), [counted]);
    expect(runs).toBe(2);
    expect(read('a')).toBe('1');
  });

  it('never counts a gate as a change, and does not wait under --check', async () => {
    const gate = text('g', 'open', { gate: true });
    await ensureAll(bench({ check: true }), [gate]);
    expect(existsSync(join(dir, 'g'))).toBe(false);
    await ensureAll(bench(), [gate]);
    expect(said).toEqual(['g ok', 'g ok']);
    expect(read('g')).toBe('open');
  });

  it('stops between two resources when the run was interrupted', async () => {
    const pause = (): void => {
      if (existsSync(join(dir, 'a'))) throw interrupted('stop');
    };
    await expect(ensureAll(bench({ pause }), [text('a', '1'), text('b', '2')])).rejects.toMatchObject({
      code: 'Interrupted',
    });
    expect(existsSync(join(dir, 'b'))).toBe(false);
  });
});
