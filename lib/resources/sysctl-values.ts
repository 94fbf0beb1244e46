import { badInput, type KonvergeError } from '../errors.ts';

/** One kernel parameter as it is wished: `net.ipv4.ip_forward` and the tokens of its value. */
export interface SysctlWish {
  readonly key: string;
  /** in one spelling: tokens separated by single blanks */
  readonly value: string;
  /** below /proc/sys */
  readonly path: string;
}

export type SysctlValues = Readonly<Record<string, string | number>>;

/** The kernel prints tabs where people write blanks. */
export const tokens = (value: string): string => value.trim().split(/\s+/).join(' ');

/**
 * Checked and in the order of setting: `ip_forward` resets other keys of its interface family when it changes
 * (kernel: Documentation/networking/ip-sysctl), so it comes first.
 * @throws BadInput naming the key, on a key that is no path and on a value that the kernel would cut short silently
 */
export function sysctlWishes(values: SysctlValues): readonly SysctlWish[] {
  const wishes = Object.entries(values).map(([key, value]) => {
    checkKey(key);
    return { key, value: checkedValue(key, String(value)), path: pathOf(key) };
  });
  const isFirst = ({ key }: SysctlWish): boolean => resetters.has(key);
  return [...wishes.filter(isFirst), ...wishes.filter((each) => !isFirst(each))];
}

/** Keys whose change resets others. */
export const resetters: ReadonlySet<string> = new Set(['net.ipv4.ip_forward', 'net.ipv6.conf.all.forwarding']);

export const sysctlText = (wishes: readonly SysctlWish[]): string =>
  wishes.map(({ key, value }) => `${key} = ${value}\n`).join('');

function checkKey(key: string): void {
  if (/^[a-z0-9_]+([./][A-Za-z0-9_-]+)+$/.test(key)) return;
  throw badInput(`not the name of a kernel parameter: ${key}`);
}

/** Source: sysctl.d(5), the first separator decides what the other one means; interface names may hold dots. */
function pathOf(key: string): string {
  const separator = /[./]/.exec(key)?.[0];
  if (separator === '/') return key;
  return key.replaceAll(/[./]/g, (each) => (each === '.' ? '/' : '.'));
}

function checkedValue(key: string, raw: string): string {
  const value = tokens(raw);
  const complain = (why: string): KonvergeError => badInput(`sysctl ${key} = ${raw}: ${why}`);
  if (value === '') throw complain('there is no value');
  if (!/^[\x20-\x7e]+$/.test(value)) throw complain('only ASCII; the kernel drops silently what follows a number');
  // A value that begins as a number must be one (or a list or range of them) to its end.
  const numeric = /^-?\d+([,-]\d+)*$/;
  if (/^-?\d/.test(value) && !value.split(' ').every((token) => numeric.test(token))) {
    throw complain('not a number to its end; the kernel drops silently what follows a number');
  }
  return value;
}
