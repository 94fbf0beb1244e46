import { isUtf8 } from 'node:buffer';

/** The text that these bytes are; undefined when they are not UTF-8 or hold a NUL, hence no text to show. */
export function textOf(bytes: Buffer): string | undefined {
  return isUtf8(bytes) && !bytes.includes(0) ? bytes.toString('utf8') : undefined;
}
