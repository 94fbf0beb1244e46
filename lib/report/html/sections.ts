import { count, duration } from '../duration.ts';
import { failureLine } from '../failure.ts';
import { printable } from '../printable.ts';
import { html, type Markup } from './markup.ts';
import type { ChangeGroup, Model } from './model.ts';

export function failures({ failures: all }: Model): Markup | undefined {
  if (all.length === 0) return undefined;
  const cards = all.map((error) => {
    const { ran, said, mend, place } = error.details;
    return html`<article class="failure"><h3>✖ ${failureLine(error)}</h3><dl>
${field('ran', ran)}${field('said', said)}${field('from', place?.at)}${field('mend', mend)}</dl></article>`;
  });
  return html`<section id="failures"><h2>${count(all.length, 'failure')}</h2>${cards}</section>`;
}

function field(name: string, text: string | undefined): Markup | undefined {
  const shown = printable(text ?? '').trim();
  return shown === '' ? undefined : html`<dt>${name}</dt><dd><pre>${shown}</pre></dd>`;
}

export function changes({ changes: all, check, lanes }: Model): Markup | undefined {
  if (all.length === 0) return undefined;
  const blocks = [...new Set(all.map(({ role }) => role))].map((role) => {
    const own = all.filter((each) => each.role === role);
    return html`<article class="role"><h3>${role}</h3><ul>${own.map((each) => change(each, lanes.length))}</ul></article>`;
  });
  return html`<section id="changes"><h2>${check ? 'What would change' : 'What changed'}</h2>${blocks}</section>`;
}

function change({ title, words, diff, hosts: on }: ChangeGroup, all: number): Markup {
  const names = on.length === all && all > 1 ? [`all ${all} hosts`] : on;
  const where = names.map((name) => html`<span class="host">${name}</span> `);
  const head = html`<b>± ${title}</b> <span class="words">${words}</span> ${where}`;
  if (diff === '') return html`<li>${head}</li>`;
  return html`<li><details><summary>${head}</summary><pre class="diff"><code>${diff.split('\n').map(diffLine)}</code></pre></details></li>`;
}

function diffLine(line: string): Markup {
  const kind = /^(\+\+\+|---|@@)/.test(line) ? 'at' : line.startsWith('+') ? 'add' : line.startsWith('-') ? 'del' : '';
  return kind === '' ? html`${line}\n` : html`<span class="${kind}">${line}</span>\n`;
}

export function hosts({ recap, check }: Model): Markup | undefined {
  if (recap.length === 0) return undefined;
  const rows = recap.map(
    (each) => html`<tr class="${each.failed > 0 || each.unreachable ? 'failed' : each.changed > 0 ? 'changed' : 'ok'}">
<th scope="row">${each.host}</th><td>${each.ok}</td><td>${each.changed}</td><td>${each.failed}</td>
<td>${each.unreachable ? 'yes' : ''}</td><td>${each.skipped}</td><td>${duration(each.ms)}</td><td>${each.trips}</td></tr>`,
  );
  const heads = ['host', 'ok', check ? 'would change' : 'changed', 'failed', 'unreachable', 'skipped', 'time', 'trips'];
  return html`<section id="hosts"><h2>Hosts</h2>${grid(heads, rows)}</section>`;
}

export function notes({ notes: all }: Model): Markup | undefined {
  if (all.length === 0) return undefined;
  const items = all.map(({ host, role, text }) => html`<li><b>${host} · ${role}</b> ${text}</li>`);
  return html`<section id="notes"><h2>Notes</h2><ul class="notes">${items}</ul></section>`;
}

export function roles({ lanes }: Model): Markup | undefined {
  const bars = lanes.flatMap(({ host, bars: own }) => own.map((bar) => ({ host, ...bar, ms: bar.to - bar.from })));
  if (bars.length === 0) return undefined;
  const rows = [...new Set(bars.map(({ role }) => role))].map((role) => {
    const own = bars.filter((bar) => bar.role === role).toSorted((a, b) => b.ms - a.ms);
    const sum = (pick: (bar: (typeof own)[number]) => number): number => own.reduce((all, bar) => all + pick(bar), 0);
    return html`<tr><th scope="row">${role}</th><td>${own.length}</td><td>${sum((bar) => bar.changes)}</td>
<td>${duration(own[0]?.ms ?? 0)}</td><td>${own[0]?.host ?? ''}</td><td>${sum((bar) => bar.trips)}</td></tr>`;
  });
  return html`<section id="roles"><h2>Roles</h2>${grid(['role', 'hosts', 'changes', 'slowest', 'on', 'trips'], rows)}</section>`;
}

export function slowest({ slowest: all }: Model): Markup | undefined {
  if (all.length === 0) return undefined;
  const rows = all.map(
    ({ host, role, kind, id, ms }) =>
      html`<tr><th scope="row">${kind} ${id}</th><td>${duration(ms)}</td><td>${host}</td><td>${role}</td></tr>`,
  );
  return html`<section id="slowest"><h2>Slowest resources</h2>${grid(['resource', 'time', 'host', 'role'], rows)}</section>`;
}

const grid = (heads: readonly string[], rows: readonly Markup[]): Markup =>
  html`<div class="scroll"><table><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table></div>`;
