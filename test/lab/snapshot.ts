import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { $ } from 'zx/core';
import { sshArguments } from './identity.ts';
import { type HostName, stateDir } from './layout.ts';

/** `file /etc/hosts` → its fields. */
export type Snapshot = Readonly<Record<string, Readonly<Record<string, string>>>>;

const script = join(import.meta.dirname, 'recipes', 'snapshot.sh');

/** Units that come and go with a login or at their own hour, whoever looks. */
const restless =
  /^unit (user@|user-runtime-dir@|run-user-|session-|logrotate|dpkg-db-backup|systemd-tmpfiles-clean|systemd-hostnamed|systemd-timedated|systemd-localed|polkit|man-db|run-containerd|var-lib-kubelet-pods|run-netns|-?\.mount)/;

/** Reads a host's files, units, packages and kernel settings; changes nothing on it. */
export async function takeSnapshot(name: HostName): Promise<Snapshot> {
  const source = readFileSync(script, 'utf8');
  const run = await $({ quiet: true, input: source })`ssh ${sshArguments(name)} sh -s`;
  return parseSnapshot(run.stdout);
}

export function parseSnapshot(text: string): Snapshot {
  const facts: Record<string, Record<string, string>> = {};
  for (const line of text.split('\n')) {
    const [kind = '', name = '', ...fields] = line.split('\t');
    if (name === '') continue;
    // The sum of a file's content is one more field of the file.
    const key = `${kind === 'sum' ? 'file' : kind} ${name}`;
    if (restless.test(key)) continue;
    const fact = facts[key] ?? {};
    for (const field of fields) {
      const [label = '', ...value] = field.split('=');
      if (value.join('=') !== '') fact[label] = value.join('=');
    }
    facts[key] = fact;
  }
  return facts;
}

/** What is different, one line a fact, in order; [] = nothing moved. */
export function compareSnapshots(before: Snapshot, after: Snapshot): readonly string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return keys.flatMap((key) => {
    const [old, now] = [before[key], after[key]];
    if (old === undefined) return [`+ ${key}  ${shown(now)}`];
    if (now === undefined) return [`- ${key}  ${shown(old)}`];
    const labels = [...new Set([...Object.keys(old), ...Object.keys(now)])];
    const moved = labels.filter((label) => old[label] !== now[label]);
    if (moved.length === 0) return [];
    return [`~ ${key}  ${moved.map((label) => `${label}: ${old[label] ?? '–'} → ${now[label] ?? '–'}`).join(', ')}`];
  });
}

function shown(fact: Readonly<Record<string, string>> | undefined): string {
  return Object.entries(fact ?? {})
    .map(([label, value]) => `${label}=${value}`)
    .join(' ');
}

const pathOf = (name: HostName): string => join(stateDir, 'snapshots', `${name}.json`);
const stored = z.record(z.string(), z.record(z.string(), z.string()));

/** Keeps the host as it is now, and tells how it differs from the one kept before. */
export async function keepSnapshot(name: HostName): Promise<void> {
  const path = pathOf(name);
  const now = await takeSnapshot(name);
  const counted = `${name}: ${Object.keys(now).length} facts`;
  if (existsSync(path)) {
    const moved = compareSnapshots(stored.parse(JSON.parse(readFileSync(path, 'utf8'))), now);
    console.log(moved.length === 0 ? `${counted}, nothing moved` : `${counted}, ${moved.length} moved`);
    for (const line of moved) console.log(`  ${line}`);
  } else {
    console.log(`${counted}, the first snapshot`);
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(now, null, 1));
}
