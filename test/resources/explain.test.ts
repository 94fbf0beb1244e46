import { describe, expect, it } from 'vitest';
import { explain } from '../../lib/resources/explain.ts';
import { runStaged } from '../../lib/resources/staged-run.ts';
import { secret } from '../../lib/secret.ts';
import { sh } from '../../lib/sh.ts';
import { localWriter } from './harness.ts';

describe('explain', () => {
  it.each([
    ['cat: write error: No space left on device', 'free space'],
    ['cat: write error: Disk quota exceeded', 'quota'],
    ['dash: cannot create /x: Read-only file system', 'read-only'],
    ['chown: /etc/x: Operation not permitted', 'immutable'],
    ['touch: /etc/x: Permission denied', 'SELinux'],
    ['chown: unknown user etcd', 'make that user'],
    ["chown: invalid group: 'root:etcd'", 'make that group'],
    ['mktemp: File name too long', 'shorter'],
    ["mkdir: cannot create directory '/x/y': Not a directory", 'a part of the path'],
    ['tar (child): xz: Cannot exec: No such file or directory', 'install that program'],
    ['sh: 3: tar: not found', 'install that program'],
  ])('%s', (said, mend) => {
    expect(explain(said)).toContain(mend);
  });

  it('leaves alone what it does not know', () => {
    expect(explain('it broke')).toBeUndefined();
  });
});

describe('runStaged', () => {
  it('gives the result when no stage failed', async () => {
    const { stdout } = await runStaged(localWriter(), sh`echo out`, { 64: { message: 'x' } }, {});
    expect(stdout.toString()).toBe('out\n');
  });

  it('says what a stage says, and masks secrets in what was said', async () => {
    secret('hunter22');
    const stages = { 64: { message: 'half way', ran: 'x -y', touched: true } };
    await expect(runStaged(localWriter(), sh`echo hunter22 >&2; exit 64`, stages, {})).rejects.toMatchObject({
      message: 'half way',
      details: { said: '•••••', ran: 'x -y', touched: true },
    });
  });

  it('says nothing of what it does not know', async () => {
    const error: unknown = await runStaged(localWriter(), sh`exit 64`, { 64: { message: 'm' } }, {}).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toHaveProperty('details', {});
  });

  it('leaves other codes to the writer', async () => {
    await expect(runStaged(localWriter(), sh`exit 3`, {}, { what: 'w' })).rejects.toThrow('w failed (exit 3)');
  });
});
