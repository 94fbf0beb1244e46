import { type Context, type Facts, lines, type Probe, sh } from '../../lib/index.ts';
import { holds } from '../verify/index.ts';
import type { Complaint } from './complaint.ts';
import { addressesOf } from './network.ts';
import { ping } from './witness.ts';

const rounds = 3;

/** The VIP answers, and none of ours has it. `hosts`: the facts of all, `answers`: what a ping said. */
export async function vipComplaints(
  context: Context,
  vip: string | undefined,
  { answers, hosts }: { readonly answers: boolean | undefined; readonly hosts: readonly Facts[] },
): Promise<readonly Complaint[]> {
  if (vip === undefined || answers !== true) return [];
  if (hosts.some((facts) => addressesOf(facts).includes(vip))) return [];
  if (!(await isForeign(context, vip))) return [];
  return [
    {
      what: `the virtual address ${vip} answers, and no host of the inventory has it`,
      mend: 'choose an address that is free, or turn off what has it',
    },
  ];
}

// Where keepalived has just started, the address moves: a host may have got it after its facts were read.
async function isForeign(context: Context, vip: string): Promise<boolean> {
  for (let round = 0; round < rounds; round++) {
    const holders = await Promise.all(context.inventory.map(({ name }) => holdsNow(context, name, vip)));
    if (holders.some((each) => each !== false)) return false;
    if (!(await context.read(answersLater(vip)))) return false;
  }
  return true;
}

/** undefined = it cannot be asked now, and may be the one */
async function holdsNow(context: Context, name: string, vip: string): Promise<boolean | undefined> {
  try {
    const reach = name === context.host.name ? context : await context.on(name);
    return await reach.read(holds(vip));
  } catch {
    return undefined;
  }
}

const answersLater = (vip: string): Probe<boolean> => ({
  script: lines(sh`sleep 1`, ping(vip)),
  parse: (out) => /^vip yes$/m.test(out.toString()),
});
