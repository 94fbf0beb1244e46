import { printable } from './printable.ts';

// Characters that XML 1.0 (2.2) has no place for even as references; HTML is none the poorer without them.
const unfit = /[\ufffe\uffff]/g;
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it may stand in an element or a quoted attribute of HTML and XML. Half a surrogate pair becomes U+FFFD. */
export function escape(text: string): string {
  const whole = Buffer.from(printable(text), 'utf8').toString('utf8').replaceAll(unfit, '');
  return whole.replaceAll(/[&<>"']/g, (char) => entities[char] ?? char);
}
