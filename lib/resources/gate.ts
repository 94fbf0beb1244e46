import { timedOut } from '../errors.ts';
import { redact } from '../secret.ts';
import { type Script, sh } from '../sh.ts';
import type { Resource } from './contract.ts';
import { type Answer, question } from './question.ts';

export interface GateOptions {
  /** read-only; exit 0 = go on. What it prints last is shown when it never does. */
  readonly until: Script;
  /** how long to wait at most */
  readonly seconds: number;
  /** pause between two questions, seconds; default 2 */
  readonly every?: number;
  /** what the operator can do when it does not come true */
  readonly mend: string;
}

const gaveUp = 64;

/** `until` exits 0: waits for it, changes nothing. @throws TimedOut with what `until` said last */
export function gate(id: string, { until, seconds, every = 2, mend }: GateOptions): Resource<Answer> {
  // /proc/uptime, not the date: a gate may wait for the very clock to be set.
  const script = sh`
up() { read -r now _ </proc/uptime; now=\${now%%.*}; }
up; end=$((now + ${seconds}))
until said=$( ( ${until}
) 2>&1 </dev/null); do
  up
  if [ "$now" -ge "$end" ]; then printf '%s\n' "$said" | tail -n 20 >&2; exit ${gaveUp}; fi
  sleep ${every}
done`;
  return {
    kind: 'gate',
    id,
    gate: true,
    probe: question(until),
    diff: (state) => (state.yes ? [] : [{ path: 'wait', to: id }]),
    async apply(host) {
      // The host gives up by itself; the margin is for one last `until` that takes its time.
      const result = await host.run(script, { what: `wait for ${id}`, timeout: seconds + 60, okCodes: [0, gaveUp] });
      if (result.code === 0) return;
      const said = redact(result.stderr.toString('utf8').trim());
      throw timedOut(`waited ${seconds} s in vain for: ${id}`, {
        mend,
        ran: until.text.trim(),
        touched: false,
        ...(said === '' ? {} : { said }),
      });
    },
  };
}
