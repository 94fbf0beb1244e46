import { describe, expect, test } from 'vitest';
import { formatFstabLine, parseFstabLine, withMount, withoutSwap } from '../../lib/resources/fstab.ts';

const fstab = `# /etc/fstab
UUID=1-2 /     ext4  errors=remount-ro 0 1
/dev/sda2\tnone swap sw 0 0
/swapfile   swap    swap    defaults
#/dev/sdb1 none swap sw 0 0

/dev/sdc1 /mnt/a\\040b ext4
broken line`;

test.each([
  ['', undefined],
  ['  # x', undefined],
  ['one two', undefined],
  ['/dev/sdc1 /mnt/a\\040b ext4', { source: '/dev/sdc1', target: '/mnt/a b', fstype: 'ext4', options: 'defaults' }],
  [' tmpfs /t tmpfs size=1m 0 0', { source: 'tmpfs', target: '/t', fstype: 'tmpfs', options: 'size=1m' }],
])('%s', (line, entry) => {
  expect(parseFstabLine(line)).toEqual(entry);
});

test('blanks and backslashes survive', () => {
  const entry = { source: 'a\\b', target: '/x\ty z', fstype: 'ext4', options: 'ro' };
  expect(formatFstabLine(entry)).toBe('a\\134b /x\\011y\\040z ext4 ro 0 0');
  expect(parseFstabLine(formatFstabLine(entry))).toEqual(entry);
});

test('swap lines become comments, the rest stays byte for byte', () => {
  const after = withoutSwap(fstab);
  expect(after).toBe(fstab.replace('/dev/sda2\t', '#/dev/sda2\t').replace('/swapfile ', '#/swapfile '));
  expect(withoutSwap(after)).toBe(after);
  expect(withoutSwap('')).toBe('');
});

describe('one entry a mount point', () => {
  const wish = { source: '/dev/sdd1', target: '/mnt/a b', fstype: 'xfs', options: 'noatime' };
  const line = '/dev/sdd1 /mnt/a\\040b xfs noatime 0 0';
  test('in the place of the old one', () => {
    expect(withMount(fstab, wish)).toBe(`${fstab.replace('/dev/sdc1 /mnt/a\\040b ext4', line)}\n`);
  });
  test('at the end, also of a file without a last line feed', () => {
    expect(withMount('# x', wish)).toBe(`# x\n${line}\n`);
    expect(withMount('', wish)).toBe(`${line}\n`);
  });
  test('written differently but the same: left as it is', () => {
    const same = '# x\n/dev/sdd1   /mnt/a\\040b xfs noatime 0 2\n';
    expect(withMount(same, wish)).toBe(same);
  });
  test('a second one goes', () => {
    expect(withMount(`${line}\n# x\n${line}\n`, wish)).toBe(`${line}\n# x\n`);
  });
});
