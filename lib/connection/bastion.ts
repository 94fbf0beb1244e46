import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { badInput, unreachable } from '../errors.ts';
import type { SshSettings } from '../inventory/types.ts';
import { isBusy } from './login-failure.ts';
import { type LoginContext, logIn, openTcp, type SshClient } from './ssh-client.ts';
import { parseJump, resolveSshHost, type SshHost } from './ssh-host.ts';
import type { ConnectOptions } from './target.ts';

/** A way to a host's port, and what to give back when it is no longer used. */
export interface Route {
  readonly openStream: () => Promise<Duplex>;
  readonly release: () => Promise<void>;
}

interface Bastion {
  readonly opening: Promise<SshClient>;
  users: number;
}

// One connection for all the hosts behind a bastion: a login for each would run into its MaxStartups.
const bastions = new Map<string, Bastion>();

export interface RouteContext {
  readonly name: string;
  readonly timeoutMs: number;
  readonly options: ConnectOptions;
  /** of the target: its key and its trust in host keys hold for the bastions too, its password does not */
  readonly settings: SshSettings;
  /** bastions that this way is a part of */
  readonly behind?: readonly string[];
}

/** Straight, or through the bastions that `host` names, each reached through the one before. */
export async function routeTo(host: SshHost, context: RouteContext): Promise<Route> {
  if (host.jumps.length === 0) {
    return { openStream: () => openTcp(host, context.timeoutMs), release: () => Promise.resolve() };
  }
  const through = await acquire(host.jumps, context);
  return { openStream: () => forward(through.client, host, context), release: through.release };
}

async function acquire(
  jumps: readonly string[],
  context: RouteContext,
): Promise<{ readonly client: SshClient; readonly release: () => Promise<void> }> {
  refuseCircle(jumps, context);
  const { identity, knownHosts, hostKeys } = context.settings;
  // No secret is part of it: whoever has the same key has the same passphrase.
  const key = JSON.stringify([jumps, identity, knownHosts, hostKeys, context.options.sshConfig]);
  const bastion = bastions.get(key) ?? { opening: openBastion(jumps, context), users: 0 };
  bastions.set(key, bastion);
  bastion.users += 1;
  const forget = (): void => {
    if (bastions.get(key) === bastion) bastions.delete(key);
  };
  try {
    const client = await bastion.opening;
    void client.lost.then(forget);
    const release = async (): Promise<void> => {
      bastion.users -= 1;
      if (bastion.users > 0) return;
      forget();
      await client.close();
    };
    return { client, release };
  } catch (thrown) {
    forget();
    throw thrown;
  }
}

/** A way that is a part of itself would wait for itself. */
function refuseCircle(jumps: readonly string[], { name, behind = [] }: RouteContext): void {
  const jump = jumps.at(-1) ?? '';
  if (!behind.includes(jump)) return;
  throw badInput(`${name}: the bastions lead in a circle: ${[...behind, jump].join(', ')}`, {
    mend: 'correct ProxyJump in ssh_config: a bastion that a pattern catches needs `ProxyJump none`',
  });
}

async function openBastion(jumps: readonly string[], context: RouteContext): Promise<SshClient> {
  const jump = jumps.at(-1) ?? '';
  const host = await bastionOf(jumps, context.settings, context.options);
  const route = await routeTo(host, { ...context, behind: [...(context.behind ?? []), jump] });
  try {
    const bastion = await logInPatiently({ ...context, name: `bastion ${jump}`, host, openStream: route.openStream });
    void bastion.lost.then(() => route.release());
    return bastion;
  } catch (thrown) {
    await route.release();
    throw thrown;
  }
}

/** The last of these bastions, as it is reached. */
export async function bastionOf(
  jumps: readonly string[],
  { identity, passphrase, knownHosts, hostKeys }: SshSettings,
  { sshConfig }: ConnectOptions,
): Promise<SshHost> {
  const jump = jumps.at(-1) ?? '';
  const settings: SshSettings = {
    ...parseJump(jump),
    ...(identity === undefined ? {} : { identity }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(knownHosts === undefined ? {} : { knownHosts }),
    ...(hostKeys === undefined ? {} : { hostKeys }),
  };
  const asked = await resolveSshHost(jump, settings, sshConfig);
  // As ssh does it: the first of several bastions may have a ProxyJump of its own, the others are reached in order.
  return jumps.length > 1 ? { ...asked, jumps: jumps.slice(0, -1) } : asked;
}

/** sshd hangs up at random when many log in at once; a moment later it does not. */
export async function logInPatiently(context: LoginContext): Promise<SshClient> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await logIn(context);
    } catch (thrown) {
      const cause = thrown instanceof Error ? thrown.cause : undefined;
      if (attempt === 4 || !isBusy(cause)) throw thrown;
      await sleep(attempt * 200 + Math.random() * 300);
    }
  }
}

function forward(through: SshClient, host: SshHost, { name }: RouteContext): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const refuse = (error: Error): void =>
      reject(
        unreachable(`${name}: the bastion cannot reach ${host.host} port ${host.port}: ${error.message}`, {
          place: { host: name },
          touched: false,
          mend: 'see from the bastion that the host is up, and that sshd there allows it: AllowTcpForwarding yes',
          cause: error,
        }),
      );
    try {
      through.client.forwardOut('127.0.0.1', 0, host.host, host.port, (error, stream) =>
        error === undefined ? resolve(stream) : refuse(error),
      );
    } catch (thrown) {
      refuse(thrown instanceof Error ? thrown : new Error(String(thrown)));
    }
    void through.lost.then(refuse);
  });
}
