import { describe, expect, it } from 'vitest';
import { hostNames } from '../layout.ts';
import { changed, killedIn, lab, on, playNames, site } from '../ring/site.ts';
import { compareSnapshots, type Snapshot, takeSnapshot } from '../snapshot.ts';

/** What is the same after every complete installation: not times, not what a cluster makes anew each time. */
const settled = (snapshot: Snapshot): Snapshot =>
  Object.fromEntries(
    Object.entries(snapshot)
      .filter(([key]) => /^(file|package|host) /.test(key) && !madeAnew.test(key))
      .map(([key, fact]) => [key, Object.fromEntries(Object.entries(fact).filter(([label]) => label !== 'mtime'))]),
  );
const madeAnew =
  /\/etc\/(kubernetes|ssl|machine-id|ssh)|\/root\/\.kube|\.pem$|~$|\/konverge\/(units|archives)|ld\.so\.cache|\/etc\/(shadow|passwd|group|gshadow|sub.id)-?$|\/etc\/cni/;

describe('SIGKILL in the middle of each play, once, and run again', () => {
  it('ends in the state of a run that was left alone, with nothing half-written', async () => {
    expect(site()).toMatchObject({ code: 0, failures: [] });
    const whole = await Promise.all(hostNames.map((name) => takeSnapshot(name)));
    lab('reset', ...hostNames);
    const killed: string[] = [];
    for (const play of playNames()) {
      const { inMiddle, failures } = await killedIn(play);
      expect({ play, failures }).toEqual({ play, failures: [] });
      if (inMiddle) killed.push(play);
    }
    process.stdout.write(`killed in: ${killed.join(' · ')}\n`);
    // preflight and the final proof change nothing, so there is no middle of them.
    expect(killed).toEqual(playNames().slice(1, -1));
    const last = site();
    expect(last.failures).toEqual([]);
    expect(last.code).toBe(0);
    expect(changed(site())).toEqual([]);
    const again = await Promise.all(hostNames.map((name) => takeSnapshot(name)));
    const differences = hostNames.flatMap((name, i) =>
      compareSnapshots(settled(whole[i] ?? {}), settled(again[i] ?? {})).map((line) => `${name} ${line}`),
    );
    expect(differences).toEqual([]);
    const leftovers = hostNames.map((name) => on(name, "find /etc /usr/local /opt -name '.*.konverge.*'"));
    expect(leftovers).toEqual(hostNames.map(() => ''));
  });
});
