import type { Facts } from '../resources/facts.ts';
import type { Paint } from './paint.ts';
import { printable } from './printable.ts';

/** The facts of one host as a person reads them: a heading, one line a fact. Ends with a newline. */
export function factsText(host: string, facts: Facts, paint: Paint): string {
  const rows = factRows(facts).flatMap(([name, values]) =>
    values.map((value, i) =>
      `  ${paint('dim', (i === 0 ? name : '').padEnd(nameWidth))}  ${printable(value)}`.trimEnd(),
    ),
  );
  return `${paint('bold', host)}\n${rows.map((row) => `${row}\n`).join('')}`;
}

const nameWidth = 'default interface'.length;
const unknown = ['unknown'];

function factRows(facts: Facts): readonly (readonly [string, readonly string[]])[] {
  const { os, interfaces, routes } = facts;
  const codename = os.codename === undefined ? '' : ` (${os.codename})`;
  const addressed = interfaces.map(({ name, mac, addresses }) => [name, ...addresses, mac ?? ''].join('  ').trimEnd());
  return [
    ['os', [`${os.id} ${os.version}${codename}, family ${os.family}`]],
    ['kernel', [`${facts.kernel}, ${facts.arch}`]],
    ['hostname', [facts.hostname]],
    ['cpus', [String(facts.cpus)]],
    ['memory', [`${facts.memory} MiB`]],
    ['interfaces', addressed.length > 0 ? addressed : unknown],
    ['default interface', [facts.defaultInterface ?? 'none']],
    ['routes', routes.length > 0 ? routes : ['none']],
    ['container', [facts.container ?? 'no']],
    ['systemd', [facts.systemd === undefined ? 'none' : String(facts.systemd)]],
    ['selinux', [facts.selinux]],
    ['clock', [clock(facts.clockSkew)]],
    ['machine id', [facts.machineId === '' ? 'none' : facts.machineId]],
    ['product uuid', [facts.productUuid ?? 'none']],
  ];
}

function clock(skew: number): string {
  if (!Number.isFinite(skew)) return 'unknown';
  return `${Math.abs(skew)} ms ${skew < 0 ? 'behind' : 'ahead of'} this machine's`;
}
