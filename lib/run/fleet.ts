import { hostname, userInfo } from 'node:os';
import pLimit from 'p-limit';
import { type ConnectOptions, connect } from '../connection/index.ts';
import type { Session } from '../connection/session.ts';
import { asKonvergeError, type KonvergeError, refused } from '../errors.ts';
import type { Host } from '../inventory/types.ts';
import type { Facts } from '../resources/facts.ts';
import { factsProbe, parseFacts } from '../resources/facts-probe.ts';

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

/** A burst of handshakes overruns sshd's MaxStartups at a bastion and buys nothing: see docs/notes/node-ssh.md. */
const connectsAtOnce = 20;

export function fleetOf(
  hosts: readonly Host[],
  options: {
    readonly check: boolean;
    connected(host: string, ms: number): void;
    readonly connection?: ConnectOptions;
  },
): Fleet {
  const pending = new Map<string, Promise<Opened>>();
  const sessions: Session[] = [];
  const limit = pLimit(connectsAtOnce);
  const open = async (host: Host): Promise<Opened> => {
    const began = performance.now();
    const { name, address, ssh, become } = host;
    const session = await connect({ name, address, ssh, become }, options.connection);
    sessions.push(session);
    if (!options.check) await session.lock(holder());
    const facts = await readFacts(session);
    options.connected(host.name, performance.now() - began);
    return { host, session, facts };
  };
  return {
    open(name) {
      const host = hosts.find((each) => each.name === name);
      if (host === undefined) return Promise.reject(refused(`there is no host '${name}' in the inventory`));
      const known =
        pending.get(name) ?? limit(() => open(host)).catch((error: unknown) => Promise.reject(placed(error, name)));
      pending.set(name, known);
      return known;
    },
    opened: () => sessions,
    close: async () => {
      await Promise.allSettled(pending.values());
      await Promise.allSettled(sessions.map((session) => session.close()));
    },
  };
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

function holder(): string {
  return `konverge pid ${process.pid} of ${userInfo().username}@${hostname()} since ${new Date().toISOString()}`;
}
