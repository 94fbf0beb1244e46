import { expect, test } from 'vitest';
import {
  addressAt,
  type Cidr,
  contains,
  formatAddress,
  isReservedIn,
  networkOf,
  overlap,
  parseAddress,
  parseCidr,
} from '../../lib/inventory/cidr.ts';

/** A generator with a seed (mulberry32), so that a failure can be repeated. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const next = random(20_240_610);
const cases = Array.from({ length: 500 }, () => ({
  address: Math.floor(next() * 2 ** 32),
  prefix: Math.floor(next() * 33),
  other: Math.floor(next() * 2 ** 32),
  otherPrefix: Math.floor(next() * 33),
}));

function cidr(address: number, prefix: number): Cidr {
  const found = parseCidr(`${formatAddress(address)}/${prefix}`);
  if (found === undefined) throw new Error('not parsed');
  return found;
}

/** The slow way: the first bits as text. */
const bits = (address: number, count: number): string => address.toString(2).padStart(32, '0').slice(0, count);

test('an address survives being written and read', () => {
  for (const { address } of cases) expect(parseAddress(formatAddress(address))).toBe(address);
});

test('a network is its first bits', () => {
  for (const { address, prefix, other } of cases) {
    const network = cidr(address, prefix);
    expect(bits(network.first, prefix)).toBe(bits(address, prefix));
    expect(network.last - network.first + 1).toBe(2 ** (32 - prefix));
    expect(network.hostBits).toBe(network.first !== address);
    expect(contains(network, address)).toBe(true);
    expect(contains(network, other)).toBe(bits(address, prefix) === bits(other, prefix));
    expect(parseCidr(networkOf(network))?.hostBits).toBe(false);
  }
});

test('networks overlap when the shorter prefix is the same', () => {
  let overlapping = 0;
  for (const { address, prefix, other, otherPrefix } of cases) {
    const shared = Math.min(prefix, otherPrefix);
    const expected = bits(address, shared) === bits(other, shared);
    if (expected) overlapping += 1;
    expect(overlap(cidr(address, prefix), cidr(other, otherPrefix))).toBe(expected);
    expect(overlap(cidr(other, otherPrefix), cidr(address, prefix))).toBe(expected);
  }
  expect(overlapping).toBeGreaterThan(10);
});

test.each(['', '1.2.3', '1.2.3.4.5', '1.2.3.256', '01.2.3.4', '1.2.3.x', ' 1.2.3.4', '1.2.3.-4', '1e1.2.3.4'])(
  "'%s' is no address",
  (text) => {
    expect(parseAddress(text)).toBeUndefined();
  },
);

test.each(['10.0.0.0', '10.0.0.0/', '10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/8/8', '10.0.0/8', '/8', '10.0.0.0/08'])(
  "'%s' is no network",
  (text) => {
    expect(parseCidr(text)).toBeUndefined();
  },
);

test("the article's pod network is not what it says", () => {
  const pods = cidr(parseAddress('10.96.0.0') ?? 0, 8);
  expect(pods).toMatchObject({ text: '10.96.0.0/8', hostBits: true });
  expect(networkOf(pods)).toBe('10.0.0.0/8');
});

test('addresses no host can have', () => {
  const network = cidr(parseAddress('192.168.10.0') ?? 0, 24);
  expect(isReservedIn(network, network.first)).toBe(true);
  expect(isReservedIn(network, network.last)).toBe(true);
  expect(isReservedIn(network, network.first + 1)).toBe(false);
  const pair = cidr(parseAddress('192.168.10.0') ?? 0, 31);
  expect(isReservedIn(pair, pair.first)).toBe(false);
});

test('the nth address of a network', () => {
  const services = cidr(parseAddress('172.16.0.0') ?? 0, 16);
  expect(addressAt(services, 10)).toBe('172.16.0.10');
  expect(addressAt(services, 2 ** 16)).toBeUndefined();
});
