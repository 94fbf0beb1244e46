import { count, duration } from '../duration.ts';
import type { Document } from '../file-view.ts';
import { html, type Markup } from './markup.ts';
import { gatherer, type Model } from './model.ts';
import { changes, failures, hosts, notes, roles, slowest } from './sections.ts';
import { style } from './style.ts';
import { timeline } from './timeline.ts';

/** The run as one page: no script, nothing fetched, readable on a phone and in the dark. */
export function htmlDocument(began = new Date()): Document {
  const gathered = gatherer();
  return {
    show: (event) => gathered.show(event),
    text: () => page(gathered.model(), began).text,
  };
}

function page(model: Model, began: Date): Markup {
  const { tone, text } = verdict(model);
  const sections = [failures, timeline, changes, hosts, roles, notes, slowest].map((section) => section(model));
  // The only way in for markup that is not ours would be the style sheet, so the policy allows nothing else.
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${model.playbook}: ${text}</title>
<style>${sheet}</style>
</head>
<body>
<header>
<h1>${model.playbook}</h1>
<p class="when"><time datetime="${began.toISOString()}">${began.toISOString().slice(0, 16).replace('T', ' ')} UTC</time>, ${duration(model.ms)}</p>
<p class="verdict ${tone}">${text}</p>
${tiles(model)}
</header>
<main>
${sections.filter((section) => section !== undefined)}
</main>
<footer>konverge</footer>
</body>
</html>
`;
}

// Ours, without a character that HTML would take for its own.
const sheet: Markup = { ...html``, text: style };

interface Verdict {
  readonly tone: 'ok' | 'changed' | 'failed';
  readonly text: string;
}

function verdict({ exitCode, failures: lost, recap, check }: Model): Verdict {
  const changed = recap.reduce((sum, each) => sum + each.changed, 0);
  if (exitCode === undefined) return { tone: 'failed', text: '✖ The run was cut off before its end' };
  if (exitCode === 130) return { tone: 'failed', text: '✖ Interrupted' };
  if (lost.length > 0) return { tone: 'failed', text: `✖ ${count(lost.length, 'failure')}` };
  if (exitCode !== 0 && exitCode !== 5) return { tone: 'failed', text: `✖ Failed (exit code ${exitCode})` };
  if (changed === 0) return { tone: 'ok', text: '✔ Nothing to do: everything as wished' };
  return { tone: 'changed', text: `± ${count(changed, 'change')}${check ? ' to be made' : ''}` };
}

function tiles({ recap, lanes, check }: Model): Markup {
  const sum = (pick: (each: Model['recap'][number]) => number): number =>
    recap.reduce((all, each) => all + pick(each), 0);
  const all: readonly (readonly [number, string])[] = [
    [lanes.length, 'hosts'],
    [sum((each) => each.ok), 'as wished'],
    [sum((each) => each.changed), check ? 'would change' : 'changed'],
    [sum((each) => each.failed), 'failed'],
    [sum((each) => Number(each.unreachable)), 'unreachable'],
    [sum((each) => each.trips), 'round trips'],
  ];
  return html`<ul class="tiles">${all.map(([number, name]) => html`<li><b>${number}</b><span>${name}</span></li>`)}</ul>`;
}
