import { styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];

/** Colours a text, or leaves it alone. */
export type Paint = (style: Style, text: string) => string;

export const noPaint: Paint = (_style, text) => text;

/**
 * Colours where a person looks at a terminal and has not refused them: `NO_COLOR` (no-color.org) when not empty and
 * `TERM=dumb` refuse, `FORCE_COLOR` when neither empty nor 0 asks for them anywhere.
 */
export function painter(stream: { readonly isTTY?: boolean | undefined }, env = process.env): Paint {
  const { NO_COLOR: refused = '', FORCE_COLOR: forced = '', TERM: term } = env;
  if (refused !== '') return noPaint;
  if (forced === '' ? stream.isTTY !== true || term === 'dumb' : forced === '0') return noPaint;
  return (style, text) => (text === '' ? '' : styleText(style, text, { validateStream: false }));
}
