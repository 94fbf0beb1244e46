import pLimit from 'p-limit';
import { type ConnectOptions, connect, localSession } from '../connection/index.ts';
import type { Session } from '../connection/session.ts';
import { asKonvergeError, type KonvergeError, refused } from '../errors.ts';
import type { Host } from '../inventory/types.ts';
import type { Facts } from '../resources/facts.ts';
import { factsProbe, parseFacts } from '../resources/facts-probe.ts';
import { takeLock } from './take-lock.ts';

/** A host that we are connected to, with its lock held (unless `--check`) and its facts read. */
export interface Opened {
  readonly host: Host;
  readonly session: Session;
  readonly facts: Facts;
}

/** The hosts of a run; each is connected to once, when it is first needed. */
export interface Fleet {
  /** @throws KonvergeError Unreachable, ConnectionLost, BecomeFailed, Refused (locked by another run) */
  open(name: string): Promise<Opened>;
  /** connected so far */
  opened(): readonly Session[];
  close(): Promise<void>;
}

/** A burst of handshakes overruns a bastion's MaxStartups, sshd_config(5), and buys nothing. */
export const connectsAtOnce = 20;

export interface FleetOptions {
  readonly check: boolean;
  readonly connection?: ConnectOptions;
  connected(host: string, ms: number): void;
  /** something that a killed run left on the host must end first */
  waiting?(host: string, text: string): void;
  /** the operator wants to stop */
  stopped?(): boolean;
}

export function fleetOf(hosts: readonly Host[], options: FleetOptions): Fleet {
  const pending = new Map<string, Promise<Opened>>();
  const sessions: Session[] = [];
  const limit = pLimit(connectsAtOnce);
  const open = async (host: Host): Promise<Opened> => {
    const began = performance.now();
    const { name } = host;
    const session = await limit(() => sessionWith(host, options.connection));
    sessions.push(session);
    if (!options.check) {
      const waiting = (text: string): void => options.waiting?.(name, text);
      await takeLock(session, { waiting, stopped: () => options.stopped?.() ?? false });
    }
    const facts = await readFacts(session);
    options.connected(host.name, performance.now() - began);
    return { host, session, facts };
  };
  return {
    open(name) {
      const known = pending.get(name);
      if (known !== undefined) return known;
      const host = hosts.find((each) => each.name === name);
      if (host === undefined) return Promise.reject(refused(`there is no host '${name}' in the inventory`));
      const opening = open(host).catch((error: unknown) => Promise.reject(placed(error, name)));
      pending.set(name, opening);
      return opening;
    },
    opened: () => sessions,
    close: async () => {
      await Promise.allSettled(pending.values());
      await Promise.allSettled(sessions.map((session) => session.close()));
    },
  };
}

/** @throws KonvergeError Unreachable, BecomeFailed */
export function sessionWith({ name, address, ssh, become, local }: Host, options?: ConnectOptions): Promise<Session> {
  return local ? localSession({ name, become }) : connect({ name, address, ssh, become }, options);
}

async function readFacts(session: Session): Promise<Facts> {
  const sentAt = Date.now();
  const [result] = await session.run([factsProbe.script], { repeatable: true });
  if (result === undefined || result.code !== 0) {
    throw refused('the facts of the host could not be read', { said: result?.stderr.toString('utf8') ?? '' });
  }
  return parseFacts(result.stdout, { sentAt, receivedAt: Date.now() });
}

const placed = (error: unknown, host: string): KonvergeError => asKonvergeError(error).at({ host });
