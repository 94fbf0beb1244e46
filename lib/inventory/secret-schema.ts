import { type ZodType, z } from 'zod';
import { isSecret, reveal, type Secret, secret } from '../secret.ts';

export interface SecretLimits {
  /** characters */
  readonly min?: number;
  readonly max?: number;
}

/**
 * Text that is a `Secret` from here on; a Secret already made passes as it is, so that group_vars and roles can use the
 * same schema. No problem it finds ever repeats the value.
 */
export function secretString(limits: SecretLimits = {}): ZodType<Secret<string>, string | Secret<string>> {
  return z
    .custom<string | Secret<string>>()
    .transform((given, context) => {
      const text = isSecret(given) ? reveal(given) : given;
      const wrong = problemOf(text, limits);
      if (typeof text === 'string' && wrong === undefined) return isSecret<string>(given) ? given : secret(text);
      context.addIssue({ code: 'custom', message: wrong?.message ?? '', params: { mend: wrong?.mend } });
      return z.NEVER;
    })
    .meta({ type: 'string' });
}

function problemOf(text: unknown, { min = 1, max = Infinity }: SecretLimits) {
  if (text === undefined) return { message: 'is missing' };
  if (typeof text === 'number') return { message: 'is a number where text is wanted', mend: 'write it in quotes' };
  if (typeof text !== 'string') return { message: 'must be text' };
  if (text.length > max) {
    return { message: `is ${text.length} characters long, at most ${max} are allowed`, mend: 'take a shorter one' };
  }
  if (text.length < min) return { message: `is ${text.length} characters long, at least ${min} are wanted` };
  return undefined;
}
