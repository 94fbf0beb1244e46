/** IPv4 only, RFC 4632. An address is its unsigned 32-bit number. */
export interface Cidr {
  /** as written */
  readonly text: string;
  readonly prefix: number;
  /** the network address */
  readonly first: number;
  /** the broadcast address */
  readonly last: number;
  /** the written address is not the network address: `10.96.0.0/8` */
  readonly hostBits: boolean;
}

const octet = /^(?:0|[1-9]\d{0,2})$/;

/** undefined when `text` is not four decimal octets; leading zeros are refused, as inet_aton(3) would read them as octal. */
export function parseAddress(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let address = 0;
  for (const part of parts) {
    if (!octet.test(part) || Number(part) > 255) return undefined;
    address = address * 256 + Number(part);
  }
  return address;
}

export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
}

/** undefined when `text` is not `a.b.c.d/0…32`. Host bits are reported, not refused. */
export function parseCidr(text: string): Cidr | undefined {
  const [written, bits, ...more] = text.split('/');
  if (written === undefined || bits === undefined || more.length > 0) return undefined;
  const address = parseAddress(written);
  if (address === undefined || !/^(?:\d|[12]\d|3[0-2])$/.test(bits)) return undefined;
  const prefix = Number(bits);
  const size = 2 ** (32 - prefix);
  const first = address - (address % size);
  return { text, prefix, first, last: first + size - 1, hostBits: address !== first };
}

/** `10.96.0.0/8` → `10.0.0.0/8` */
export function networkOf(cidr: Cidr): string {
  return `${formatAddress(cidr.first)}/${cidr.prefix}`;
}

export function contains(cidr: Cidr, address: number): boolean {
  return address >= cidr.first && address <= cidr.last;
}

export function overlap(a: Cidr, b: Cidr): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** The network or the broadcast address, which no host can have; /31 and /32 have neither (RFC 3021). */
export function isReservedIn(cidr: Cidr, address: number): boolean {
  return cidr.prefix < 31 && (address === cidr.first || address === cidr.last);
}

/** The nth address counted from the network address: 10 is the cluster's DNS in the service network. */
export function addressAt(cidr: Cidr, index: number): string | undefined {
  const address = cidr.first + index;
  return contains(cidr, address) ? formatAddress(address) : undefined;
}
