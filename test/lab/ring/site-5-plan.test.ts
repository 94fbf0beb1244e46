import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { changed, on, site } from './site.ts';

/** A plan that is made on three hosts of the cluster that stands, and applied there; the others are left alone. */

const folder = mkdtempSync(join(tmpdir(), 'konverge-lab-plan-'));
afterAll(() => rmSync(folder, { recursive: true }));

const limit = ['--limit', 'mn03,wn01,wn02'];
const byHand = '# by hand';

/** A unit, a file and a sysctl: one on each host. */
function breakThree(): void {
  on('mn03', 'systemctl disable --now chrony');
  on('wn01', `echo "${byHand}" >> /etc/crictl.yaml`);
  on('wn02', 'sysctl -w net.ipv4.tcp_fin_timeout=77');
}

const broken = [
  expect.stringMatching(/^mn03 chrony service chrony/),
  expect.stringMatching(/^wn01 crictl file \/etc\/crictl\.yaml$/),
  expect.stringMatching(/^wn02 sysctl sysctls /),
];

/** What the three are like: as they should be, or broken. */
const looks = (): readonly string[] => [
  on('mn03', 'systemctl is-active chrony || :'),
  on('wn01', 'tail -n 1 /etc/crictl.yaml'),
  on('wn02', 'cat /proc/sys/net/ipv4/tcp_fin_timeout'),
];
const isBroken = ['inactive', byHand, '77'];

describe('--check --out on three hosts, then --plan', () => {
  const plan = join(folder, 'plan.json');

  it('the plan holds what is broken and nothing else, and nothing is changed yet', () => {
    expect(changed(site())).toEqual([]);
    breakThree();
    const checked = site('--check', '--out', plan, ...limit);
    expect(checked).toMatchObject({ code: 0, failures: [] });
    expect(checked.recap.map(({ host }) => host)).toEqual(['mn03', 'wn01', 'wn02']);
    expect(changed(checked)).toEqual(broken);
    expect(JSON.parse(readFileSync(plan, 'utf8'))).toMatchObject({ selection: { limit: 'mn03,wn01,wn02' } });
    expect(looks()).toEqual(isBroken);
  });

  it('--plan makes exactly these changes, on these hosts', () => {
    const applied = site('--plan', plan);
    expect(applied).toMatchObject({ code: 0, failures: [] });
    expect(applied.recap.map(({ host }) => host)).toEqual(['mn03', 'wn01', 'wn02']);
    expect(changed(applied)).toEqual(broken);
    expect(looks()).toEqual(['active', expect.not.stringContaining(byHand), '30']);
    expect(changed(site())).toEqual([]);
  });
});

describe('a file changed by hand after --check --out', () => {
  const plan = join(folder, 'drifted.json');

  it('is refused with exit 2, naming host and resource, and nothing is applied anywhere', () => {
    breakThree();
    const checked = site('--check', '--out', plan, ...limit);
    expect(checked.code).toBe(0);
    expect(changed(checked)).toEqual(broken);
    on('mn03', `echo "${byHand}" >> /etc/crictl.yaml`);
    const refused = site('--plan', plan);
    expect(refused.code).toBe(2);
    expect(refused.failures).toMatchObject([
      {
        host: 'mn03',
        error: {
          message: expect.stringContaining('it has drifted from the plan: nothing was planned'),
          place: { host: 'mn03', role: 'crictl', resource: 'file /etc/crictl.yaml' },
        },
      },
    ]);
    expect(changed(refused)).toEqual([]);
    expect(looks()).toEqual(isBroken);
    expect(on('mn03', 'tail -n 1 /etc/crictl.yaml')).toBe(byHand);
  });

  it('a run mends all four, and the lab is as it was', () => {
    const mended = site();
    expect(mended).toMatchObject({ code: 0, failures: [] });
    expect(changed(mended)).toEqual([
      broken[0],
      expect.stringMatching(/^mn03 crictl file \/etc\/crictl\.yaml$/),
      ...broken.slice(1),
    ]);
    expect(changed(site())).toEqual([]);
  });
});
