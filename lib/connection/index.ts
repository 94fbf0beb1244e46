import type { BecomeSettings } from '../inventory/types.ts';
import { HostSession } from './host-session.ts';
import { localDial } from './local-link.ts';
import type { Session } from './session.ts';
import { sshDial } from './ssh-link.ts';
import { type ConnectOptions, limitsOf, type Target } from './target.ts';

export { type LockedKey, lockedKeys } from './locked-keys.ts';
export type { RunOptions, Session } from './session.ts';
export type { ConnectOptions, Target } from './target.ts';

/**
 * Afterwards there is a root shell on the host and a session that speaks to it.
 * @throws KonvergeError Unreachable, BecomeFailed; BadInput when OpenSSH cannot read its configuration
 */
export function connect(target: Target, options: ConnectOptions = {}): Promise<Session> {
  const { name: host, become } = target;
  return HostSession.open({ host, become, dial: sshDial(target, options), limits: limitsOf(options) });
}

export interface LocalOptions extends Pick<ConnectOptions, 'lockFile' | 'maxOutput' | 'becomeTimeoutMs'> {
  /** default `localhost` */
  readonly name?: string;
  /** default: the user that runs konverge */
  readonly become?: BecomeSettings;
}

/** A session with the controller itself. @throws KonvergeError BecomeFailed */
export function localSession(options: LocalOptions = {}): Promise<Session> {
  const { name: host = 'localhost', become = { method: 'none' } } = options;
  return HostSession.open({ host, become, dial: localDial, limits: limitsOf(options) });
}
