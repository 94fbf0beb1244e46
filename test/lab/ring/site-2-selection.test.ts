import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { on, site } from './site.ts';

describe('selection on a cluster that stands', () => {
  it('--tags sysctl runs one role everywhere', () => {
    const run = site('--tags', 'sysctl');
    expect(run.code).toBe(0);
    expect(new Set(run.resources.map(({ role }) => role))).toEqual(new Set(['sysctl']));
    expect(new Set(run.resources.map(({ host }) => host)).size).toBe(5);
  });

  it("--tags chrony,haproxy --limit 'workers:!wn02' runs chrony on wn01 alone", () => {
    const run = site('--tags', 'chrony,haproxy', '--limit', 'workers:!wn02');
    expect(run.code).toBe(0);
    expect(new Set(run.resources.map(({ host, role }) => `${host} ${role}`))).toEqual(new Set(['wn01 chrony']));
  });

  it('a playbook in another folder imports a role by the name of the package', () => {
    const folder = mkdtempSync(join(tmpdir(), 'own-playbook-'));
    try {
      mkdirSync(join(folder, 'node_modules'));
      symlinkSync(resolve('.'), join(folder, 'node_modules/konverge'));
      writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
      writeFileSync(join(folder, 'clock.ts'), ownPlaybook);
      const words = [
        '--import',
        import.meta.resolve('tsx'),
        'clock.ts',
        '--inventory',
        resolve('test/lab/hosts.ts'),
        '--plain',
      ];
      const done = spawnSync(process.execPath, words, { cwd: folder, encoding: 'utf8' });
      expect(done).toMatchObject({ status: 0, stderr: expect.not.stringContaining('✖') });
      expect(done.stdout).toMatch(/wn01 · chrony · file/);
      expect(on('wn01', 'cat /etc/chrony/chrony.conf')).toContain('10.77.0.1');
    } finally {
      rmSync(folder, { recursive: true });
    }
    expect(site('--tags', 'chrony', '--limit', 'wn01').recap[0]?.changed).toBeGreaterThan(0);
  });
});

const ownPlaybook = `import type { inventory } from 'konverge/hosts';
import { main, play, playbook } from 'konverge';
import { chrony } from 'konverge/roles/chrony';

const clock = playbook<typeof inventory>('clock', ({ group }) => [
  play('The clock of one worker', group('workers').first, [chrony({ servers: ['10.77.0.1'] })]),
]);

await main(import.meta, clock);
`;
