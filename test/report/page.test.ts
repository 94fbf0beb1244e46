import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { RunEvent } from '../../lib/report/events.ts';
import { htmlView } from '../../lib/report/files.ts';
import { type OpenBrowser, openBrowser, prepareChromium } from './browser/chromium.ts';
import { failures, richHosts, richRun } from './rich-sample.ts';

// The page of a run as a browser shows it: on a phone and on a screen, by day and by night.

const measure = readFileSync(join(import.meta.dirname, 'browser/measure.js'), 'utf8');
const seen = z.object({
  dark: z.boolean(),
  pageWidth: z.number(),
  viewWidth: z.number(),
  texts: z.number(),
  faint: z.array(z.string()),
  hanging: z.array(z.string()),
  small: z.array(z.string()),
});

let folder: string;
let open: OpenBrowser;

beforeAll(async () => {
  prepareChromium();
  folder = mkdtempSync(join(tmpdir(), 'konverge-page-'));
  open = await openBrowser();
}, 600_000);
afterAll(async () => {
  await open.close();
  rmSync(folder, { recursive: true });
});

async function written(name: string, events: readonly RunEvent[]): Promise<string> {
  const file = join(folder, `${name}.html`);
  const view = htmlView(file);
  for (const event of events) view.show(event);
  await view.close();
  return pathToFileURL(file).href;
}

/** Opens the page; `complaints` are console errors and requests that leave the file. */
async function shown(url: string, width: number, colorScheme: 'light' | 'dark') {
  const page: Page = await open.browser.newPage({ viewport: { width, height: 844 }, colorScheme });
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => request.url() === url || complaints.push(request.url()));
  await page.goto(url);
  return { page, complaints };
}

describe.each([
  ['with failures', richRun()],
  ['that was interrupted', richRun({ interrupted: true })],
])('a run %s', (name, events) => {
  it.each([
    [390, 'light'],
    [390, 'dark'],
    [1280, 'light'],
    [1280, 'dark'],
  ] as const)('%d px wide, %s: fits, can be read, fetches nothing', async (width, scheme) => {
    const { page, complaints } = await shown(await written(name, events), width, scheme);
    const said = seen.parse(await page.evaluate(measure));
    await page.close();
    expect(said).toMatchObject({ dark: scheme === 'dark', viewWidth: width, pageWidth: width });
    expect(said).toMatchObject({ faint: [], hanging: [], small: [] });
    // else there was nothing to measure
    expect(said.texts).toBeGreaterThan(300);
    expect(complaints).toEqual([]);
  });
});

it('shows each failure with its mend, and a lane a host with a bar a role', async () => {
  const { page } = await shown(await written('failures', richRun()), 390, 'light');
  for (const { error } of failures) {
    const mend = page.locator('.failure dd', { hasText: error.details.mend?.split('\n')[0] ?? 'no mend' });
    expect(await mend.isVisible()).toBe(true);
  }
  expect(await page.locator('.lane').count()).toBe(richHosts.length);
  const wide = await page
    .locator('.lane')
    .first()
    .locator('.bars li')
    .evaluateAll((bars) => bars.length);
  expect(wide).toBe(14);
  const box = await page.locator('.bars li').first().boundingBox();
  expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThan(2);
  expect(await page.locator('.verdict').innerText()).toBe('✖ 3 failures');
  await page.close();
});

it('opens and closes a diff by keyboard, and shows where one is', async () => {
  const { page } = await shown(await written('keys', richRun()), 390, 'dark');
  await page.keyboard.press('Tab');
  const isFocused = (): Promise<unknown> => page.evaluate("document.activeElement?.matches('summary') === true");
  for (let tabs = 0; tabs < 10 && (await isFocused()) !== true; tabs++) await page.keyboard.press('Tab');
  expect(await isFocused()).toBe(true);
  expect(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle !== 'none'")).toBe(true);
  const diff = page.locator('details').first().locator('.diff');
  const states: boolean[] = [await diff.isVisible()];
  for (const key of ['Enter', 'Enter', 'Space', 'Space']) {
    await page.keyboard.press(key);
    states.push(await diff.isVisible());
  }
  expect(states).toEqual([false, true, false, true, false]);
  await page.keyboard.press('Enter');
  const said = seen.parse(await page.evaluate(measure));
  expect(said).toMatchObject({ pageWidth: 390, faint: [], hanging: [] });
  await page.close();
});
