import { escape } from '../escape.ts';

const brand: unique symbol = Symbol('markup');

/** A piece of HTML whose every value has been escaped. Only `html` makes one. */
export interface Markup {
  readonly text: string;
  readonly [brand]: true;
}

export type Value = string | number | Markup | readonly Markup[] | undefined;

/** Strings and numbers are escaped, markup is inserted as it is, a list one after the other, undefined as nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  const text = parts.map((part, i) => part + render(values[i])).join('');
  return { text, [brand]: true };
}

function render(value: Value): string {
  if (value === undefined) return '';
  if (typeof value === 'string' || typeof value === 'number') return escape(String(value));
  if ('text' in value) return value.text;
  return value.map((each) => each.text).join('');
}
