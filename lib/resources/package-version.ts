/**
 * Package versions as deb-version(7) has them, `[epoch:]upstream[-revision]`; RPM's `[epoch:]version-release` fits too.
 */
interface PackageVersion {
  readonly epoch: number;
  readonly upstream: string;
  readonly revision: string | undefined;
}

function split(version: string): PackageVersion {
  const colon = version.indexOf(':');
  const rest = version.slice(colon + 1);
  const dash = rest.lastIndexOf('-');
  return {
    epoch: colon === -1 ? 0 : Number(version.slice(0, colon)),
    upstream: dash === -1 ? rest : rest.slice(0, dash),
    revision: dash === -1 ? undefined : rest.slice(dash + 1),
  };
}

/**
 * True when an installed or offered `version` is what the operator means by `pin`: the whole of it, the whole without
 * the epoch, or upstream's part alone: `1.29.6` is met by `1.29.6-1.1`, `1.29.6-150500.1.1` and `1.29.6+dfsg-2`, but
 * neither by `1.29.60-1` nor by the pre-release `1.29.6~rc1-1`.
 */
export function meetsPin(version: string, pin: string): boolean {
  const { upstream } = split(version);
  const withoutEpoch = version.slice(version.indexOf(':') + 1);
  return [version, withoutEpoch, upstream].includes(pin) || upstream.startsWith(`${pin}+`);
}

/** True when installing what `pin` asks for over `installed` goes back in time. */
export function isDowngrade(installed: string, pin: string): boolean {
  if (meetsPin(installed, pin)) return false;
  const from = split(installed);
  const to = split(pin);
  if (pin.includes(':') && from.epoch !== to.epoch) return from.epoch > to.epoch;
  const upstream = comparePart(from.upstream, to.upstream);
  if (upstream !== 0 || to.revision === undefined) return upstream > 0;
  return comparePart(from.revision ?? '', to.revision) > 0;
}

/** Negative, 0 or positive, as dpkg(1) --compare-versions orders them. */
export function compareVersions(left: string, right: string): number {
  const a = split(left);
  const b = split(right);
  return a.epoch - b.epoch || comparePart(a.upstream, b.upstream) || comparePart(a.revision ?? '0', b.revision ?? '0');
}

/** Text and digits in turn; a tilde is older than the end, letters are older than other signs. */
function comparePart(left: string, right: string): number {
  if (left === '' && right === '') return 0;
  const a = head(left);
  const b = head(right);
  return compareText(a.text, b.text) || Number(a.digits) - Number(b.digits) || comparePart(a.rest, b.rest);
}

/** `.10~rc3` → `.`, `10` and `~rc3` */
function head(part: string): { readonly text: string; readonly digits: string; readonly rest: string } {
  const text = part.replace(/\d.*$/, '');
  const digits = part.slice(text.length).replace(/\D.*$/, '');
  return { text, digits, rest: part.slice(text.length + digits.length) };
}

function compareText(left: string, right: string): number {
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const order = weight(left[i]) - weight(right[i]);
    if (order !== 0) return order;
  }
  return 0;
}

function weight(sign: string | undefined): number {
  if (sign === undefined) return 0;
  if (sign === '~') return -1;
  const code = sign.charCodeAt(0);
  return /[A-Za-z]/.test(sign) ? code : code + 256;
}
