import { describe, expect, it } from 'vitest';
import { lab, labInventory, on, site } from '../ring/site.ts';

/** Failures in the field: exit 2 or 4, clear words, and the other hosts finished. */

const others = (run: ReturnType<typeof site>, failed: string): readonly string[] =>
  run.recap
    .filter(({ host, failed: count, unreachable }) => host !== failed && (count > 0 || unreachable))
    .map(({ host }) => host);

describe('one host', () => {
  it('is down', () => {
    lab('stop', 'wn02');
    try {
      const run = site('--tags', 'chrony,sysctl');
      expect(run.code).toBe(4);
      expect(run.recap.find(({ host }) => host === 'wn02')).toMatchObject({ unreachable: true });
      expect(others(run, 'wn02')).toEqual([]);
    } finally {
      lab('start', 'wn02');
    }
  });

  it('shows another key than the known one', () => {
    const run = site('--tags', 'sysctl', ...labInventory('wrong-key'));
    expect(run.code).toBe(4);
    expect(run.failures).toMatchObject([
      { host: 'wn01', error: { code: 'Unreachable', message: expect.stringMatching(/key/i) } },
    ]);
    expect(others(run, 'wn01')).toEqual([]);
  });

  it('does not take the sudo password', () => {
    const run = site('--tags', 'sysctl', ...labInventory('wrong-password'));
    expect(run.code).toBe(4);
    expect(run.failures).toMatchObject([
      { host: 'wn02', error: { code: 'BecomeFailed', message: expect.stringMatching(/password/) } },
    ]);
    expect(others(run, 'wn02')).toEqual([]);
  });

  it('works for an ordinary user who may sudo, with and without a password', () => {
    expect(site('--tags', 'sysctl', ...labInventory('sudo'))).toMatchObject({ code: 0, failures: [] });
  });

  it('has a full disk', () => {
    on(
      'wn01',
      'mkdir -p /etc/nerdctl && rm -f /etc/nerdctl/nerdctl.toml && mount -t tmpfs -o size=4k,nr_inodes=3 none /etc/nerdctl && head -c 4096 /dev/zero > /etc/nerdctl/full',
    );
    try {
      const run = site('--tags', 'nerdctl');
      expect(run.code).toBe(2);
      expect(run.failures).toMatchObject([
        { host: 'wn01', error: { mend: expect.stringMatching(/disk|space|full/i) } },
      ]);
      expect(others(run, 'wn01')).toEqual([]);
    } finally {
      on('wn01', 'umount /etc/nerdctl');
    }
    expect(site('--tags', 'nerdctl')).toMatchObject({ code: 0 });
  });

  it('finds no such package', () => {
    const run = site('--tags', 'kube-packages', '--limit', 'workers', '-e', 'versions.kubernetes=1.20.99');
    expect(run.code).toBe(2);
    expect(run.failures[0]?.error.message).toMatch(/1\.20\.99/);
  });

  it('is given a file with another checksum', () => {
    const sum = '0'.repeat(64);
    on('wn01', 'rm -f /usr/local/bin/crictl');
    const run = site('--tags', 'crictl', '--limit', 'wn01', ...labInventory('bad-checksum'));
    expect(run.code).toBe(2);
    expect(JSON.stringify(run.failures[0]?.error)).toMatch(/sha256|checksum/);
    expect(JSON.stringify(run.failures[0]?.error)).toContain(sum.slice(0, 12));
    expect(site('--tags', 'crictl', '--limit', 'wn01')).toMatchObject({ code: 0 });
  });

  it('has a port taken by another program: said before anything is changed', () => {
    lab('reset', 'wn01');
    on('wn01', 'systemd-run --quiet --unit=taker --socket-property=ListenStream=10250 cat');
    const run = site('--tags', 'preflight');
    expect(run.code).toBe(2);
    expect(run.failures).toMatchObject([{ host: 'wn01', error: { message: expect.stringMatching(/10250/) } }]);
    expect(others(run, 'wn01')).toEqual([]);
    on('wn01', 'systemctl stop taker.socket');
    expect(site()).toMatchObject({ code: 0, failures: [] });
  });

  it('has swap on: it is turned off, and stays off', () => {
    on(
      'wn01',
      'fallocate -l 32M /var/lib/kubelet/swapfile && mkswap -q /var/lib/kubelet/swapfile && swapon /var/lib/kubelet/swapfile',
    );
    on('wn01', 'echo "/var/lib/kubelet/swapfile none swap sw 0 0" >> /etc/fstab');
    const run = site('--tags', 'swap', '--limit', 'wn01');
    expect(run.code).toBe(0);
    expect(on('wn01', 'tail -n +2 /proc/swaps')).toBe('');
    expect(on('wn01', 'grep -c "^[^#].*swapfile" /etc/fstab || :')).toBe('0');
    on('wn01', 'sed -i /swapfile/d /etc/fstab && rm /var/lib/kubelet/swapfile');
  });
});
