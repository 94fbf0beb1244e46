import { badInput } from '../errors.ts';

interface Combined {
  readonly check?: boolean;
  readonly 'exit-code'?: boolean;
  readonly json?: boolean;
  readonly plain?: boolean;
  readonly resume?: boolean;
  readonly step?: boolean;
  readonly out?: string;
  readonly plan?: string;
}

/** Flags that contradict each other, or say nothing without another one. @throws BadInput with what to type */
export function refuseContradictions(flags: Combined, lists: readonly string[]): void {
  if (lists.length > 1) throw badInput('only one --list-… at a time', { mend: `type --list-${lists[0]} alone` });
  refuseWithoutCheck(flags);
  refuseBesideAnother(flags);
  if (flags.json === true && flags.plain === true) {
    throw badInput('--json is for programs, --plain for people', { mend: 'type one of the two' });
  }
  if (flags.step === true && (flags.json === true || !process.stdin.isTTY)) {
    const why = flags.json === true ? '--json leaves no room for that' : 'there is no terminal to ask on';
    throw badInput(`--step asks before each role, and ${why}`, { mend: 'type it on a terminal, without --json' });
  }
}

function refuseWithoutCheck({ check, out, 'exit-code': exitCode }: Combined): void {
  if (check === true) return;
  if (out !== undefined) throw badInput('--out keeps what --check finds', { mend: `type --check --out ${out}` });
  if (exitCode === true) throw badInput('--exit-code tells what --check finds', { mend: 'type --check --exit-code' });
}

/** `--plan` and `--resume` bring what is to be done with them. */
function refuseBesideAnother({ check, resume, step, plan }: Combined): void {
  const others = [...(check ? ['--check'] : []), ...(resume ? ['--resume'] : []), ...(step ? ['--step'] : [])];
  if (plan !== undefined && others.length > 0) {
    throw badInput(`--plan applies what was decided, ${others.join(' and ')} does not go with it`, {
      mend: `type --plan ${plan} alone`,
    });
  }
  if (resume && check) {
    throw badInput('--resume goes on with a real run, --check is none', { mend: 'type --resume, or --check' });
  }
}
