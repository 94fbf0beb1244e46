import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { execCommand } from '../../lib/adhoc/exec.ts';
import { factsCommand } from '../../lib/adhoc/facts.ts';
import { password, prepareMachine, type Sshd, startSshd, users } from '../connection/sshd.ts';
import { root } from '../house/imports.ts';
import { onTerminal, type Terminal } from '../secrets/terminal.ts';
import { here, inventoryOf } from './loopback.ts';

vi.setConfig({ testTimeout: 60_000 });

let sshd: Sshd;
let inventory: ReturnType<typeof inventoryOf>;
let locked: string;

// Both p1 and p2 are logged in to with a password, and become root by sudo with it; the key of `keyed` is encrypted.
beforeAll(async () => {
  prepareMachine();
  sshd = await startSshd();
  const { port, knownHosts } = sshd;
  locked = join(sshd.folder, 'locked');
  spawnSync('cp', [sshd.key, locked]);
  // One round of hashing instead of sixteen: how long a thief would need is not what is tested.
  spawnSync('ssh-keygen', ['-p', '-a', '1', '-P', '', '-N', 'open-sesame', '-f', locked]);
  inventory = inventoryOf([
    { name: 'p1', groups: ['asking'], user: users.asking, port, knownHosts },
    { name: 'p2', groups: ['asking'], user: users.asking, port, knownHosts },
    { name: 'keyed', groups: [], user: 'root', port, knownHosts, identity: locked },
  ]);
}, 300_000);
afterAll(async () => {
  inventory.remove();
  await sshd.remove();
});

const env = () => ({ ...process.env, SSH_AUTH_SOCK: '', NO_COLOR: '1' });
const onScreen = (playbook: string, ...args: readonly string[]): Terminal =>
  onTerminal([process.execPath, '--import', 'tsx', join(root, 'playbooks', playbook), '-i', inventory.file, ...args], {
    cwd: root,
    env: env(),
  });

async function answerPasswords(terminal: Terminal): Promise<void> {
  await terminal.shows('SSH password: ');
  terminal.type(`${password}\r`);
  await terminal.shows('the same as the SSH password): ');
  terminal.type('\r');
}

describe('-k and -K', () => {
  it('exec.ts asks each once for all hosts, unseen', async () => {
    const terminal = onScreen('exec.ts', '-l', 'asking', '-k', '-K', '--', 'id', '-un');
    await answerPasswords(terminal);
    expect([await terminal.ended, terminal.screen()]).toEqual([0, expect.stringContaining('exit 0 everywhere')]);
    expect(terminal.screen()).toContain('p1 | root');
    expect(terminal.screen()).toContain('p2 | root');
    expect(terminal.screen().match(/SSH password: /g)).toHaveLength(1);
    expect(terminal.screen()).not.toContain(password);
  });

  it('facts.ts does too', async () => {
    const terminal = onScreen('facts.ts', '-l', 'p1', '-k', '-K', '--json');
    await answerPasswords(terminal);
    expect([await terminal.ended, terminal.screen()]).toEqual([0, expect.stringContaining('{"p1":{')]);
    expect(terminal.screen()).not.toContain(password);
  });

  it.each([
    ['exec.ts', execCommand(), ['--', 'true']],
    ['facts.ts', factsCommand(), []],
  ] as const)(
    '%s: off a terminal bad input, and a password that was typed is not repeated',
    async (playbook, command, more) => {
      const none = await here(command, ['-i', inventory.file, '-K', ...more], playbook);
      expect(none).toMatchObject({ code: 3, stdout: '' });
      expect(none.stderr).toContain('--ask-become-pass asks on a terminal, and standard input is none');
      const typed = await here(command, ['-i', inventory.file, '-k', 'hunter2', ...more], playbook);
      expect(typed).toMatchObject({ code: 3, stdout: '' });
      expect(typed.stderr).toContain('type -k and -K alone');
      expect(typed.stderr).not.toContain('hunter2');
    },
  );
});

describe('the passphrase of an encrypted key', () => {
  it.each([
    ['exec.ts', ['--', 'id', '-un'], 'keyed | root'],
    ['facts.ts', [], 'hostname'],
  ])('is asked for by %s', async (playbook, command, shown) => {
    const terminal = onScreen(playbook, '-l', 'keyed', ...command);
    await terminal.shows(`Passphrase of the key ${locked}`);
    terminal.type('open-sesame\r');
    expect([await terminal.ended, terminal.screen()]).toEqual([0, expect.stringContaining(shown)]);
    expect(terminal.screen()).not.toContain('open-sesame');
  });

  it('is not asked for when no selected host has that key, nor off a terminal', async () => {
    const terminal = onScreen('exec.ts', '-l', 'p1', '-k', '-K', '--', 'true');
    await answerPasswords(terminal);
    expect(await terminal.ended).toBe(0);
    expect(terminal.screen()).not.toContain('Passphrase');
    vi.stubEnv('SSH_AUTH_SOCK', '');
    const { code, stderr } = await here(execCommand(), ['-i', inventory.file, '-l', 'keyed', '--', 'true']);
    expect(code).toBe(4);
    expect(stderr).toContain('is encrypted and no passphrase was given');
  });
});
