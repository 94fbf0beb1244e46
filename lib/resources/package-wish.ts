import { KonvergeError } from '../errors.ts';

export interface PackageWish {
  /** upstream's (`1.29.6`) or the whole version of the package (`1.29.6-1.1`); default: whatever is installed, else the newest */
  readonly version?: string;
  /** true: no upgrade takes them along; false: not so; default: as it is */
  readonly hold?: boolean;
  /** a newer version on the host may be replaced by the wished one; default: that is refused */
  readonly allowDowngrade?: boolean;
}

/** @param said what refreshing the lists printed: an unreachable repository is the usual cause */
export function packageMissing(
  name: string,
  pin: string | undefined,
  others: readonly string[],
  said = '',
): KonvergeError {
  const unknown = others.length === 0;
  const wished = pin === undefined ? name : `${name} ${pin}`;
  const instead = unknown ? 'none of them knows the name' : `they have ${others.slice(0, 8).join(', ')}`;
  return new KonvergeError('PackageMissing', `no package repository of this host has ${wished}: ${instead}`, {
    touched: false,
    ...(said === '' ? {} : { said }),
    mend: unknown
      ? `configure the repository that carries ${name} (packageRepo), and check that the host reaches it`
      : `wish for one of these versions, or configure the repository that carries ${wished}`,
  });
}
