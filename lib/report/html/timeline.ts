import { clock, duration } from '../duration.ts';
import { html, type Markup } from './markup.ts';
import type { Bar, Lane, Model } from './model.ts';

const symbols: Readonly<Record<Bar['status'], string>> = { ok: '✔', changed: '±', failed: '✖' };
const words: Readonly<Record<Bar['status'], string>> = { ok: 'as wished', changed: 'changed', failed: 'failed' };

/** The run from left to right: a band a play, a lane a host, a bar a role. Widths are shares, so it fits any screen. */
export function timeline({ lanes, plays, ms, check }: Model): Markup {
  const whole = Math.max(1, ms);
  const share = (at: number): string => `${((100 * at) / whole).toFixed(3)}%`;
  const place = (from: number, to: number): string => `left:${share(from)};width:${share(Math.max(0, to - from))}`;
  const bands = plays.map(({ play, from, to }) => {
    const end = to > from ? to : ms;
    return html`<li style="${place(from, end)}" title="${play}: ${duration(end - from)}"><span>${play}</span></li>`;
  });
  return html`<section id="timeline"><h2>Timeline</h2>
<div class="chart">
<ol class="plays">${bands}</ol>
${lanes.map((each) => lane(each, place, check))}
<ol class="axis" aria-hidden="true">${ticks(whole).map((at) => html`<li style="left:${share(at)}">${clock(at)}</li>`)}</ol>
</div>
<p class="legend"><span class="key ok">✔ as wished</span> <span class="key changed">± ${check ? 'would change' : 'changed'}</span> <span class="key failed">✖ failed</span></p>
</section>`;
}

function lane({ host, bars }: Lane, place: (from: number, to: number) => string, check: boolean): Markup {
  const items = bars.map((bar) => {
    const { role, play, from, to, status, changes, trips } = bar;
    const what = status === 'changed' && check ? 'would change' : words[status];
    const title = `${role} on ${host}: ${what}, ${duration(to - from)}, ${changes} changes, ${trips} round trips (${play})`;
    return html`<li class="${status}" style="${place(from, to)}" title="${title}"><span>${symbols[status]} ${role}</span></li>`;
  });
  return html`<div class="lane"><h3>${host}</h3><ol class="bars">${items}</ol></div>
`;
}

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400].map((seconds) => seconds * 1000);

/** Round times, four to eight of them where the run is long enough. */
function ticks(whole: number): readonly number[] {
  const step = steps.find((each) => whole / each <= 5) ?? whole / 4;
  return Array.from({ length: Math.floor((whole * 0.96) / step) + 1 }, (_, i) => i * step);
}
