import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { excludesOf, withExcludes } from '../../lib/resources/dnf-excludes.ts';
import { pkg, pkgAbsent } from '../../lib/resources/package.ts';
import { compareVersions, isDowngrade, meetsPin } from '../../lib/resources/package-version.ts';
import { runOn, shells } from './harness.ts';

describe('versions', () => {
  test.each([
    ['1.29.6-1.1', '1.29.6', true],
    ['1.29.6-150500.1.1', '1.29.6', true],
    ['1.29.6-1.1', '1.29.6-1.1', true],
    ['2:1.29.6-1.1', '1.29.6', true],
    ['2:1.29.6-1.1', '1.29.6-1.1', true],
    ['2:1.29.6-1.1', '2:1.29.6-1.1', true],
    ['1.29.6+dfsg-2', '1.29.6', true],
    ['1.29.60-1.1', '1.29.6', false],
    ['1.29.6~rc1-1', '1.29.6', false],
    ['1.29.6-1.10', '1.29.6-1.1', false],
    ['1.29.6.1-1', '1.29.6', false],
  ])('%s meets %s: %s', (version, pin, met) => expect(meetsPin(version, pin)).toBe(met));

  const pairs: [string, string][] = [
    ['1.29.6-1.1', '1.29.10-1.1'],
    ['1.29.6-1.1', '1.29.6-2.1'],
    ['1.29.6~rc1-1', '1.29.6-1'],
    ['1.29.6-1', '1.29.6+dfsg-1'],
    ['2:1.0-1', '1.29.6-1'],
    ['1.0a', '1.0+'],
    ['1.0', '1.0'],
    ['1.0-0', '1.0'],
    ['1.6.20~ds1-1+deb12u1', '1.6.20~ds1-1'],
    ['1.0b', '1.0a'],
    ['1.0', '1.0.1'],
  ];
  test.each(pairs)('%s and %s are ordered as dpkg orders them', (left, right) => {
    const says = (sign: string): boolean => {
      try {
        execFileSync('dpkg', ['--compare-versions', left, sign, right]);
        return true;
      } catch {
        return false;
      }
    };
    const dpkg = says('lt') ? -1 : says('gt') ? 1 : 0;
    expect(Math.sign(compareVersions(left, right))).toBe(dpkg);
    expect(Math.sign(compareVersions(right, left))).toBe(dpkg === 0 ? 0 : -dpkg);
  });

  test.each([
    ['1.29.7-1.1', '1.29.6', true],
    ['1.29.6-1.1', '1.29.6', false],
    ['1.29.6-1.1', '1.29.7', false],
    ['1.29.6-2.1', '1.29.6-1.1', true],
    ['1.29.6', '1.29.6-1.1', false],
    ['1:1.0-1', '2:0.9-1', false],
    ['2:1.0-1', '1:3.0-1', true],
    ['2:1.0-2', '2:1.0-1', true],
  ])('%s → %s is a downgrade: %s', (installed, pin, older) => expect(isDowngrade(installed, pin)).toBe(older));
});

describe('dnf.conf', () => {
  test.each([
    ['', 'kubelet', false],
    ['[main]\nexclude=kube*, docker\n', 'kubelet', true],
    ['[main]\nexcludepkgs = docker\n  kubelet\n', 'kubelet', true],
    ['[main]\nexcludepkgs = docker', 'kubelet', false],
    ['[main]\nexcludepkgs=kubele?\n', 'kubelet', true],
    ['[main]\nexcludepkgs=kubelet.x\n', 'kubeletyx', false],
    ['[other]\nexcludepkgs=kubelet\n[main]\n', 'kubelet', false],
  ])('%j excludes %s: %s', (text, name, held) => expect(excludesOf(text)(name)).toBe(held));

  test.each([
    ['[main]\na=1\n', true, '[main]\nexcludepkgs=k\na=1\n'],
    ['[main]\na=1\nexclude=docker,x\n b=2\n[r]\nx=1\n', true, '[main]\na=1\nexcludepkgs=docker x b=2 k\n[r]\nx=1\n'],
    ['# mine\n', true, '[main]\nexcludepkgs=k\n# mine\n'],
    ['', false, ''],
    ['[main]\nexcludepkgs=k\n', false, '[main]\n'],
    ['[main]\nexcludepkgs=a k b\n', false, '[main]\nexcludepkgs=a b\n'],
    ['[main]\nexcludepkgs=k\n', true, '[main]\nexcludepkgs=k\n'],
    ['[main]\nexclude=a\nb=1\nexcludepkgs=c\n', true, '[main]\nexcludepkgs=a c k\nb=1\n'],
  ])('%j with k held: %s', (before, held, after) => expect(withExcludes(before, ['k'], held)).toBe(after));
});

describe('the probe', () => {
  const parse = (out: Buffer) => pkg('x').probe.parse(out);
  test('reads dpkg', () => {
    const rows = [
      'a\tinstall\tinstalled\t1-1',
      'b\thold\ttriggers-pending\t2',
      'c\tdeinstall\tconfig-files\t3',
      'd\tinstall\thalf-configured\t4',
    ];
    expect(parse(Buffer.from(['apt', ...rows, ''].join('\n')))).toEqual({
      manager: 'apt',
      packages: [
        { version: '1-1', status: 'installed', held: false, provides: ['a'] },
        { version: '2', status: 'installed', held: true, provides: ['b'] },
        { version: '4', status: 'half-configured', held: false, provides: ['d'] },
      ],
    });
  });

  test('refuses a host without either', () => {
    expect(() => parse(Buffer.from('none\n'))).toThrow('neither apt-get nor dnf');
  });

  test.each(shells)('answers on this machine, %s', async (shell) => {
    const result = await runOn(shell, pkg(['dpkg', 'konverge-nonsense']).probe.script);
    expect(result.code).toBe(0);
    expect(result.ms).toBeLessThan(500);
    expect(parse(result.stdout).packages).toMatchObject([{ status: 'installed', provides: ['dpkg'] }]);
  });
});

test.each([[[]], ['a b'], ['*'], ['-y'], ['a:i386']])('%j is no name', (names) => {
  expect(() => pkg(names)).toThrow(/package/);
});

test('ids are the names, each once', () => {
  expect(pkg(['a', 'b', 'a']).id).toBe('a b');
  expect(pkgAbsent('a')).toMatchObject({ kind: 'pkgAbsent', id: 'a' });
});
