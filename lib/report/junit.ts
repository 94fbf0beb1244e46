import { isUnreachable, type KonvergeError } from '../errors.ts';
import { changeWords } from './change-words.ts';
import { escape } from './escape.ts';
import type { RunEvent } from './events.ts';
import { failureLine, failureText } from './failure.ts';
import type { Document } from './file-view.ts';

interface Case {
  readonly name: string;
  readonly role: string;
  readonly ms: number;
  failed: boolean;
  error?: KonvergeError;
  /** it failed because its host could not be reached */
  unreachable?: boolean;
  readonly said?: string;
}

/**
 * JUnit XML as CI systems read it (the schema of Jenkins' xunit plugin): a suite a host, a case a resource. A change is
 * a case that passed and says what changed; a host that could not be reached is an error, everything else a failure.
 */
export function junitDocument(began = new Date()): Document {
  const hosts = new Map<string, Case[]>();
  let name = 'konverge';
  let ms = 0;
  const casesOf = (host: string): Case[] => {
    const cases = hosts.get(host) ?? [];
    hosts.set(host, cases);
    return cases;
  };
  return {
    show(event) {
      ms = event.at;
      if (event.type === 'run-start') name = event.playbook;
      if (event.type === 'run-start') for (const host of event.hosts) casesOf(host);
      if (event.type === 'resource') casesOf(event.host).push(caseOf(event));
      if (event.type === 'host-failed') fail(casesOf(event.host), event);
    },
    text() {
      const suites = [...hosts].map(([host, cases]) => suite(host, cases, began));
      const all = [...hosts.values()].flat();
      return [
        '<?xml version="1.0" encoding="UTF-8"?>',
        `<testsuites name="${escape(name)}" ${counts(all)} time="${seconds(ms)}">`,
        ...suites,
        '</testsuites>\n',
      ].join('\n');
    },
  };
}

function caseOf({ role, kind, id, ms, status, changes }: Extract<RunEvent, { type: 'resource' }>): Case {
  const said = status === 'changed' || status === 'would-change' ? { said: `${status}: ${changeWords(changes)}` } : {};
  return { name: `${kind} ${id}`, role, ms, failed: status === 'failed', ...said };
}

/** The reason of a failed resource comes with `host-failed`; a host that failed elsewhere gets a case for it. */
function fail(cases: Case[], { error, host, play = '' }: Extract<RunEvent, { type: 'host-failed' }>): void {
  const located = error.at({ host });
  const reached = { error: located, unreachable: isUnreachable(located, host) };
  const last = cases.findLast((each) => each.failed && each.error === undefined);
  if (last === undefined) cases.push({ name: located.code, role: play, ms: 0, failed: true, ...reached });
  else Object.assign(last, reached);
}

function suite(host: string, cases: readonly Case[], began: Date): string {
  const stamp = began.toISOString().slice(0, 19);
  const ms = cases.reduce((sum, each) => sum + each.ms, 0);
  const name = escape(host);
  return [
    `  <testsuite name="${name}" hostname="${name}" timestamp="${stamp}" ${counts(cases)} time="${seconds(ms)}">`,
    ...cases.map((each) => testcase(each, host)),
    '  </testsuite>',
  ].join('\n');
}

function testcase({ name, role, ms, failed, error, unreachable, said }: Case, host: string): string {
  const open = `    <testcase classname="${escape(`${host}.${role}`)}" name="${escape(name)}" time="${seconds(ms)}"`;
  if (failed) return `${open}>${reason(error, unreachable)}</testcase>`;
  return said === undefined ? `${open}/>` : `${open}><system-out>${escape(said)}</system-out></testcase>`;
}

function reason(error: KonvergeError | undefined, unreachable = false): string {
  if (error === undefined) return '<failure/>';
  const tag = unreachable ? 'error' : 'failure';
  const attributes = `type="${escape(error.code)}" message="${escape(failureLine(error))}"`;
  return `<${tag} ${attributes}>${escape(failureText(error, { verbose: false }))}</${tag}>`;
}

function counts(cases: readonly Case[]): string {
  const failed = cases.filter((each) => each.failed);
  const errors = failed.filter((each) => each.unreachable === true).length;
  return `tests="${cases.length}" failures="${failed.length - errors}" errors="${errors}" skipped="0"`;
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);
