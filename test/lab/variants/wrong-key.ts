import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hosts, knownHostsPath, stateDir } from '../layout.ts';
import { variant } from './variant.ts';

/** wn01 is known by the key of wn02, as if somebody else answered in its place. */
const path = join(stateDir, 'known_hosts.wrong');
const lines = readFileSync(knownHostsPath, 'utf8').split('\n');
const keyOf = (port: number): string =>
  lines
    .find((line) => line.includes(`:${port},`))
    ?.split(' ')
    .slice(1)
    .join(' ') ?? '';
writeFileSync(path, `[127.0.0.1]:${hosts.wn01.port} ${keyOf(hosts.wn02.port)}\n`);

export const inventory = variant({ wn01: (entry) => ({ ...entry, ssh: { ...entry.ssh, knownHosts: path } }) });
