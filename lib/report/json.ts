import { KonvergeError } from '../errors.ts';
import { redact } from '../secret.ts';
import { eventSchemaVersion, type RunEvent, type View } from './events.ts';
import type { ExecEvent } from './exec/events.ts';
import type { Outlet } from './outlet.ts';

/** One event a line (JSON Lines), each with the schema's version; see docs/events.md. */
export function jsonView(outlet: Outlet): View {
  return {
    show: (event) => outlet.write(`${jsonOf(event)}\n`),
    close: () => outlet.drained(),
  };
}

/** An event as one line of JSON. Strings are masked one by one: escaped, a secret would not be found in the line. */
export function jsonOf(event: RunEvent | ExecEvent): string {
  return JSON.stringify({ v: eventSchemaVersion, ...event }, (_key, value: unknown) => {
    if (value instanceof KonvergeError) return plainError(value);
    return typeof value === 'string' ? redact(value) : value;
  });
}

function plainError({ code, message, details }: KonvergeError): object {
  const { place, ran, said, mend, touched, cause } = details;
  const reason = cause instanceof Error ? cause.message : undefined;
  return { code, message, place, ran, said, mend, touched, cause: reason };
}
