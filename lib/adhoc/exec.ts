import pLimit from 'p-limit';
import type { Session } from '../connection/index.ts';
import { asKonvergeError, interrupted, isUnreachable } from '../errors.ts';
import type { Host } from '../inventory/types.ts';
import type { ExecEvent, ExecView } from '../report/exec/events.ts';
import { execView } from '../report/exec/index.ts';
import { type Access, askForAccess } from '../run/access.ts';
import { connectsAtOnce, sessionWith } from '../run/fleet.ts';
import { onInterrupt, type Stop } from '../run/interrupt.ts';
import { type Command, print, runAsProgram } from '../run/program.ts';
import { inventoryFor } from '../run/select.ts';
import type { Script } from '../sh.ts';
import { type ExecFlags, parseExecFlags, scriptOf } from './exec-flags.ts';
import { execHelp } from './exec-help.ts';
import { selectedHosts } from './selected-hosts.ts';

/**
 * One command on the hosts that the command line selects. Nothing of it takes a host's lock. `optional`: groups that an
 * inventory need not have. Sets the exit code.
 */
export const execOnHosts = (
  meta: ImportMeta,
  { optional = [] }: { readonly optional?: readonly string[] } = {},
): Promise<void> => runAsProgram(meta, execCommand(optional));

/** What the program does with its arguments. */
export const execCommand =
  (optional: readonly string[] = []): Command =>
  async (args, file) => {
    const flags = parseExecFlags(args);
    if (flags.help) return print(execHelp);
    const hosts = selectedHosts(flags.limit, await inventoryFor(flags, file, optional));
    return exec(await askForAccess(hosts, new Set(hosts.map(({ name }) => name)), flags.asked), flags);
  };

/** setTimeout's longest: for as long as it takes. */
const noTimeoutMs = 2_147_483_647;

type WithoutTime<E> = E extends unknown ? Omit<E, 'at'> : never;
type Say = (event: WithoutTime<ExecEvent>) => void;

interface Work {
  readonly script: Script;
  readonly timeoutMs: number;
  readonly say: Say;
  readonly stop: Stop;
  readonly sessions: Session[];
  readonly connect: (host: Host) => Promise<Session>;
}

async function exec({ hosts, options }: Access<Host>, flags: ExecFlags): Promise<number> {
  const view: ExecView = execView({ ...flags, stdout: process.stdout, stderr: process.stderr });
  const began = performance.now();
  const since = (): number => Math.round(performance.now() - began);
  const sessions: Session[] = [];
  const failed = { command: false, unreachable: false };
  const say: Say = (event) => {
    if (event.type === 'exec-exit' && event.code !== 0) failed.command = true;
    if (event.type === 'host-failed') failed[isUnreachable(event.error, event.host) ? 'unreachable' : 'command'] = true;
    view.show({ ...event, at: since() });
  };
  say({ type: 'exec-start', hosts: hosts.map(({ name }) => name) });
  const stop = onInterrupt({ opened: () => sessions }, (text) => process.stderr.write(`${text}\n`));
  const { timeoutMs = noTimeoutMs, words, forks } = flags;
  const connecting = pLimit(connectsAtOnce);
  const connect = (host: Host): Promise<Session> => connecting(() => sessionWith(host, options));
  const work: Work = { script: scriptOf(words), timeoutMs, say, stop, sessions, connect };
  const atOnce = pLimit(forks);
  await Promise.all(hosts.map((host) => atOnce(() => execOn(host, work))));
  stop.done();
  const exitCode = stop.requested() ? 130 : failed.unreachable ? 4 : failed.command ? 2 : 0;
  say({ type: 'exec-end', exitCode, ms: since() });
  await view.close();
  return exitCode;
}

/** Never rejects: what goes wrong on one host is said, and the others go on. */
async function execOn(at: Host, work: Work): Promise<void> {
  const { script, timeoutMs, say, sessions } = work;
  const host = at.name;
  try {
    if (work.stop.requested()) throw interrupted('not begun', { touched: false });
    const session = await work.connect(at);
    sessions.push(session);
    try {
      const [result] = await session.run([script], {
        timeoutMs,
        onLine: (line, stream) => say({ type: 'exec-line', host, stream, line }),
      });
      if (result !== undefined) say({ type: 'exec-exit', host, code: result.code, ms: Math.round(result.ms) });
    } finally {
      await session.close();
    }
  } catch (thrown) {
    say({ type: 'host-failed', host, error: asKonvergeError(thrown).at({ host }) });
  }
}
