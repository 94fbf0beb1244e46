import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { say } from './artefact.ts';
import { cacheDir } from './layout.ts';

const path = join(cacheDir, 'lock');

/** There is one lab a machine: commands that change it wait for each other. A lock whose holder died is taken over. */
export async function locked<T>(run: () => Promise<T>): Promise<T> {
  mkdirSync(cacheDir, { recursive: true });
  for (let told = false; !take(); told = true) {
    if (!told) say(`waiting for process ${holder()}, which is changing the lab`);
    await sleep(500);
  }
  try {
    return await run();
  } finally {
    rmSync(path, { force: true });
  }
}

function take(): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    const pid = holder();
    // Between creating the file and writing to it the holder is still unknown.
    if (pid !== 0 && !isAlive(pid)) rmSync(path, { force: true });
    return false;
  }
}

function holder(): number {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return 0;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
