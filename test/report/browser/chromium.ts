import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const program = '/usr/bin/chromium';

// A font too: without one Chromium draws boxes, and measures them.
const packages = ['chromium', 'fonts-dejavu-core'];
const install = `
set -eu
[ ! -x ${program} ] || exit 0
export DEBIAN_FRONTEND=noninteractive
apt-get install -y --no-install-recommends ${packages.join(' ')} ||
  { apt-get update; apt-get install -y --no-install-recommends ${packages.join(' ')}; }
`;

/** Afterwards there is a Chromium. @throws Error saying what to do when it cannot be installed */
export function prepareChromium(): void {
  if (existsSync(program)) return;
  const mend = `as root: apt-get install --no-install-recommends ${packages.join(' ')}`;
  if (process.getuid?.() !== 0) throw new Error(`the test of the HTML report needs ${program}; ${mend}`);
  const run = spawnSync('flock', [join(tmpdir(), 'konverge-chromium.lock'), 'sh', '-c', install], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`Chromium could not be installed; ${mend}\n${run.stderr}`);
}

export interface OpenBrowser {
  readonly browser: Browser;
  close(): Promise<void>;
}

/** A Chromium without a window that speaks to nobody and leaves nothing behind. */
export async function openBrowser(): Promise<OpenBrowser> {
  const home = mkdtempSync(join(tmpdir(), 'konverge-chromium-'));
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic'];
  const browser = await chromium.launch({
    executablePath: program,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', ...quiet],
    env: { ...process.env, HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home },
  });
  return {
    browser,
    close: async () => {
      await browser.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
