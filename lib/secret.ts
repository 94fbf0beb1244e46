import { inspect } from 'node:util';

const mask = '•••••';
/** Shorter values would blank out innocent text all over the output. */
const shortestRedacted = 6;

const values = new WeakMap<object, unknown>();
// The longest first: a secret that is a part of another must not leave the rest of that one in sight.
let known: readonly string[] = [];

declare const secretBrand: unique symbol;

/** A value that prints, serialises and inspects as a mask. Only `reveal` opens it. */
export interface Secret<T> {
  readonly [secretBrand]: T;
}

/** Wraps a value from the moment it exists; from now on `redact` also masks it in any text. */
export function secret<T>(value: T): Secret<T> {
  if (typeof value === 'string') remember(value);
  return hide(value);
}

/** A text that secrets were put into. Only these are masked by `redact`: its other lines say nothing. */
export function composedSecret(text: string): Secret<string> {
  return hide(text);
}

function hide<T>(value: T): Secret<T> {
  const hidden = { toString: () => mask, toJSON: () => mask, [inspect.custom]: () => mask };
  const made: object = Object.freeze(hidden);
  values.set(made, value);
  if (!isSecret<T>(made)) throw new TypeError('unreachable: a secret was not stored');
  return made;
}

export function isSecret<T = unknown>(value: unknown): value is Secret<T> {
  return typeof value === 'object' && value !== null && values.has(value);
}

/** The value itself. For what is about to leave through stdin, an upload or a key exchange, and for nothing else. */
export function reveal<T>(hidden: Secret<T>): T;
export function reveal(hidden: Secret<unknown>): unknown {
  return values.get(hidden);
}

/** `text` with every known secret masked: the last line of defence for what a remote program prints by itself. */
export function redact(text: string): string {
  let clean = text;
  for (const value of known) if (clean.includes(value)) clean = clean.replaceAll(value, mask);
  return clean;
}

/** Nothing that is a secret now is masked by `redact` any more: for a process in which one run has nothing to do with the next. */
export function forgetSecrets(): void {
  known = [];
}

function remember(value: string): void {
  const whole = [value, ...value.split('\n')].map((line) => line.trim());
  const seen = whole.filter((line) => line.length >= shortestRedacted).flatMap(spellings);
  const all = new Set([...known, ...seen]);
  if (all.size > known.length) known = [...all].toSorted((a, b) => b.length - a.length);
}

/** As programs print it: plainly, inside JSON, in a URL, and in base64 (whose end depends on what follows). */
function spellings(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  const whole = bytes.toString('base64');
  const open = bytes.subarray(0, bytes.length - (bytes.length % 3)).toString('base64');
  return [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(bytes.toString('utf8')), whole, open];
}
