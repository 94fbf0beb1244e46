import { redact } from './secret.ts';

/** Where a failure happened, as far as it is known; each level of the engine adds what it knows. */
export interface Place {
  readonly host?: string;
  readonly role?: string;
  /** kind and id, as in `file /etc/chrony.conf` */
  readonly resource?: string;
  /** the caller's `file:line` */
  readonly at?: string;
}

export interface Details {
  readonly place?: Place;
  /** what was run, already free of secrets */
  readonly ran?: string;
  /** what it printed */
  readonly said?: string;
  /** what the operator can do about it, imperative mood */
  readonly mend?: string;
  /** whether anything on the host may have changed; undefined = not known */
  readonly touched?: boolean;
  readonly cause?: unknown;
}

/** Every failure that is expected to happen in the field. It prints without a stack unless `--verbose`. */
export class KonvergeError extends Error {
  readonly code: string;
  readonly details: Details;

  constructor(code: string, message: string, details: Details = {}) {
    super(redact(message), details.cause === undefined ? undefined : { cause: details.cause });
    this.name = code;
    this.code = code;
    this.details = details;
  }

  /** The same failure with more known about its place; what is known already is kept. */
  at(place: Place): KonvergeError {
    return this.with({ place: { ...place, ...this.details.place } });
  }

  /** The same failure with these details. */
  with(details: Details): KonvergeError {
    const copy = new KonvergeError(this.code, this.message, { ...this.details, ...details });
    if (this.stack !== undefined) copy.stack = this.stack;
    return copy;
  }
}

/** Flags, vars, inventory: nothing was contacted. Exit code 3. */
export const badInput = (message: string, details?: Details): KonvergeError =>
  new KonvergeError('BadInput', message, { touched: false, ...details });

/** The host cannot be reached or does not let us in. Exit code 4. */
export const unreachable = (message: string, details?: Details): KonvergeError =>
  new KonvergeError('Unreachable', message, details);

/** The connection broke after it had been made. Probes are repeated, an apply is probed again, never blindly repeated. */
export const connectionLost = (message: string, details?: Details): KonvergeError =>
  new KonvergeError('ConnectionLost', message, details);

export const commandFailed = (message: string, details?: Details): KonvergeError =>
  new KonvergeError('CommandFailed', message, details);

export const timedOut = (message: string, details?: Details): KonvergeError =>
  new KonvergeError('TimedOut', message, details);

export const probeFailed = (message: string, details?: Details): KonvergeError =>
  new KonvergeError('ProbeFailed', message, { touched: false, ...details });

/** After `apply` the resource's own diff was not empty. */
export const didNotConverge = (message: string, details?: Details): KonvergeError =>
  new KonvergeError('DidNotConverge', message, { touched: true, ...details });

/** A role's own refusal: the state of the world is such that going on would do harm. */
export const refused = (message: string, details?: Details): KonvergeError =>
  new KonvergeError('Refused', message, { touched: false, ...details });

export const interrupted = (message: string, details?: Details): KonvergeError =>
  new KonvergeError('Interrupted', message, details);

/** Any thrown value as one of ours; what is not ours is a bug or a surprise and keeps its stack. */
export function asKonvergeError(thrown: unknown): KonvergeError {
  if (thrown instanceof KonvergeError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const error = new KonvergeError('Unexpected', message, { cause: thrown });
  if (thrown instanceof Error && thrown.stack !== undefined) error.stack = thrown.stack;
  return error;
}

const noWayIn: ReadonlySet<string> = new Set(['Unreachable', 'ConnectionLost', 'BecomeFailed']);

/**
 * The host could not be reached or would not let us in, as against: it was reached and something failed. A role may also
 * fail because it could not reach another host: that says nothing of this one.
 */
export const isUnreachable = ({ code, details }: KonvergeError, host: string): boolean =>
  noWayIn.has(code) && (details.place?.host ?? host) === host;
