import { describe, expect, test } from 'vitest';
import type { Rehearsal } from '../../lib/run/rehearse.ts';
import { sh } from '../../lib/sh.ts';
import { packageRepos } from '../../roles/package-repos/index.ts';
import { nothingChanged, runOn } from '../resources/harness.ts';
import { sandbox } from '../resources/sandbox.ts';
import { contentOf, find, rehearsed, titles, writeFiles } from './rehearsed.ts';

const rocky = 'https://mirrors.aliyun.com/rockylinux';
const debian = 'https://mirrors.aliyun.com/debian';
const ubuntu = { os: { family: 'debian', id: 'ubuntu', version: '22.04', major: 22, codename: 'jammy' } } as const;
const alma = { os: { family: 'rhel', id: 'almalinux', version: '9.3', major: 9, codename: undefined } } as const;

/** What a file that takes over becomes where there was this text. */
function textAfter(plan: Rehearsal, path: string, before = ''): string {
  const state = { before, file: { type: 'absent' } };
  return find(plan, `file ${path}`).diff(state, nothingChanged)[0]?.text?.after ?? '';
}

describe('the tools of a node', () => {
  test.each([
    ['debian', 'conntrack'],
    ['rhel', 'conntrack-tools'],
  ] as const)('on %s, without touching where packages come from', async (family, name) => {
    const plan = await rehearsed(packageRepos, { extra: ['jq'] }, { family });
    expect(titles(plan)).toHaveLength(1);
    expect(titles(plan)[0]).toMatch(new RegExp(`^pkg .*\\b${name}\\b.*\\bjq$`));
    expect(titles(plan)[0]).not.toContain('ipvsadm');
  });
});

describe('a mirror', () => {
  test('Rocky: the two files of its own repositories, no mirror list left in them', async () => {
    const plan = await rehearsed(packageRepos, { rocky, debian }, { family: 'rhel' });
    expect(titles(plan).slice(0, 2)).toEqual([
      'file /etc/yum.repos.d/rocky.repo',
      'file /etc/yum.repos.d/rocky-extras.repo',
    ]);
    const text = textAfter(plan, '/etc/yum.repos.d/rocky.repo') + contentOf(plan, '/etc/yum.repos.d/rocky-extras.repo');
    expect(text.match(/^\[.*\]$/gm)).toEqual(['[baseos]', '[appstream]', '[crb]', '[extras]']);
    expect(text.match(/^enabled=.$/gm)).toEqual(['enabled=1', 'enabled=1', 'enabled=0', 'enabled=1']);
    expect(text.match(/^gpgcheck=1$/gm)).toHaveLength(4);
    expect(text).toContain(`baseurl=${rocky}/$releasever/BaseOS/$basearch/os/\n`);
    expect(text).toContain('gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-Rocky-9\n');
    expect(text).not.toContain('mirrorlist');
  });

  test('Debian: one file of sources, and the old list is kept aside', async () => {
    const plan = await rehearsed(packageRepos, { rocky, debian });
    const text = textAfter(plan, '/etc/apt/sources.list.d/debian.sources');
    expect(text.match(/^Components: .*$/gm)).toEqual(['Components: main', 'Components: main']);
    expect(text).toContain(`URIs: ${debian}\nSuites: bookworm bookworm-updates\n`);
    expect(text).toContain(`URIs: ${debian}-security\nSuites: bookworm-security\n`);
    const box = await sandbox();
    await box.put('/etc/apt/sources.list', 'deb http://old.example.org/debian bookworm main\n');
    await writeFiles(plan, box);
    const said = await runOn('dash', sh`cat /etc/apt/sources.list.*~; apt-get --print-uris update`, box.surroundings);
    const read = said.stdout.toString();
    expect(read).toMatch(/^deb http:\/\/old.example.org\/debian bookworm main\n/);
    expect(read).toContain(`'${debian}/dists/bookworm-updates/InRelease'`);
    expect(read).toContain(`'${debian}-security/dists/bookworm-security/InRelease'`);
    expect(read).not.toContain("'http://old.example.org");
  });

  test('Rocky: who has CRB keeps it', async () => {
    const path = '/etc/yum.repos.d/rocky.repo';
    const plan = await rehearsed(packageRepos, { rocky }, { family: 'rhel' });
    const before = (crb: string) => `[baseos]\nenabled=1\n\n[crb]\nname=CRB\n${crb}\n[crb-debug]\nenabled=0\n`;
    expect(textAfter(plan, path, before('enabled=1'))).not.toContain('enabled=0');
    expect(textAfter(plan, path, before('enabled = 0'))).toContain('enabled=0');
  });

  test('Debian: who has firmware keeps it; a second run finds nothing to do', async () => {
    const plan = await rehearsed(packageRepos, { debian });
    const box = await sandbox();
    await box.put(
      '/etc/apt/sources.list',
      '# deb x y contrib\ndeb http://o.example/debian bookworm main non-free-firmware\n',
    );
    expect(await writeFiles(plan, box)).not.toEqual([]);
    expect(await box.get('/etc/apt/sources.list')).toMatch(/^# Managed/);
    expect((await box.get('/etc/apt/sources.list.d/debian.sources'))?.match(/^Components: .*$/gm)).toEqual([
      'Components: main non-free-firmware',
      'Components: main non-free-firmware',
    ]);
    expect(await writeFiles(plan, box)).toEqual([]);
  });

  test.each([
    ['debian', ubuntu, 'the package mirror is for Debian; the repositories of this ubuntu are left as they are'],
    ['rhel', alma, 'the package mirror is for Rocky Linux; the repositories of this almalinux are left as they are'],
  ] as const)('of another distribution is not for a %s-like one', async (family, facts, note) => {
    const plan = await rehearsed(packageRepos, { rocky, debian }, { family, facts });
    expect(titles(plan)).toHaveLength(1);
    expect(plan.notes).toEqual([note]);
  });
});
