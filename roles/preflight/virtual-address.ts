import { type Context, type Facts, type Probe, sh } from '../../lib/index.ts';
import type { Complaint } from './complaint.ts';
import { addressesOf } from './network.ts';

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
    if (holders.some((holds) => holds !== false)) return false;
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

const holds = (vip: string): Probe<boolean> => ({
  script: sh`ip -o addr show to ${`${vip}/32`} | sed 's/^/held /'`,
  parse: (out) => /^held /m.test(out.toString()),
});

const answersLater = (vip: string): Probe<boolean> => ({
  script: sh`sleep 1; if ping -c 1 -W 1 ${vip} >/dev/null 2>&1; then echo 'vip yes'; else echo 'vip no'; fi`,
  parse: (out) => /^vip yes$/m.test(out.toString()),
});
