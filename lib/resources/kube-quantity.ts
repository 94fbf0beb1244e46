/** Fields that hold quantities; elsewhere `1` and `"1"` are different things. */
const places = /(?:^|\.)(?:limits|requests|capacity|hard|overhead)\.[^.]+$|\.(?:sizeLimit|divisor|averageValue)$/;

const suffixes: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['n', 1e-9],
  ['u', 1e-6],
  ['m', 1e-3],
  ...['k', 'M', 'G', 'T', 'P', 'E'].map((sign, i) => [sign, 1000 ** (i + 1)] as const),
  ...['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'].map((sign, i) => [sign, 1024 ** (i + 1)] as const),
]);

export const isQuantity = (path: string): boolean => places.test(path);

/** `0.5` and `500m`, `1024Mi` and `1Gi` are the same (resource.Quantity); the server writes them its own way. */
export function sameQuantity(path: string, left: unknown, right: unknown): boolean {
  if (!isQuantity(path)) return false;
  const a = amount(left);
  const b = amount(right);
  return a !== undefined && b !== undefined && Math.abs(a - b) <= Math.abs(a) * 1e-12;
}

function amount(value: unknown): number | undefined {
  const [, digits, suffix = ''] = /^([+-]?[\d.]+(?:[eE][+-]?\d+)?)([a-zA-Z]*)$/.exec(String(value)) ?? [];
  const factor = suffixes.get(suffix);
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}
