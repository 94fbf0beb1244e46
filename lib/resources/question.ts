import { type Script, sh } from '../sh.ts';
import type { Probe } from './contract.ts';

/** The answer to a read-only script that says yes by exit code 0. */
export interface Answer {
  readonly yes: boolean;
}

export const question = (script: Script): Probe<Answer> => ({
  script: sh`if ( ${script}
) >/dev/null 2>&1 </dev/null; then echo yes; else echo no; fi`,
  parse: (out) => ({ yes: out.toString('latin1').trim() === 'yes' }),
});
