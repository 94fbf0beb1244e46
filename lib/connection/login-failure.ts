import { KonvergeError, unreachable } from '../errors.ts';
import { fingerprint, keyType, type Verdict } from './host-keys.ts';
import type { SshHost } from './ssh-host.ts';

/** What is known of a login when it fails. */
export interface Attempt {
  /** the inventory's name, or `bastion …` */
  readonly name: string;
  readonly host: SshHost;
  readonly timeoutMs: number;
  readonly tried: readonly string[];
  readonly leftOut: readonly string[];
  /** the host key that was shown and what is thought of it */
  readonly shown: { readonly key: Buffer; readonly verdict: Verdict } | undefined;
}

/** Any failure on the way in, as an Unreachable that says how to mend it. */
export function loginFailure(thrown: unknown, attempt: Attempt): KonvergeError {
  if (thrown instanceof KonvergeError) return thrown;
  const { name, host, shown } = attempt;
  const fail = (message: string, mend: string): KonvergeError =>
    unreachable(`${name}: ${message}`, { place: { host: name }, mend, touched: false, cause: thrown });
  if (shown !== undefined && shown.verdict.kind !== 'known') {
    const refusal = keyRefusal(shown.key, shown.verdict, host);
    if (refusal !== undefined) return fail(...refusal);
  }
  const { level, code, message } = partsOf(thrown);
  const where = `${host.host} port ${host.port}`;
  if (level === 'client-authentication' || /too many authentication/i.test(message)) {
    return fail(...loginRefusal(attempt));
  }
  if (isBusy(thrown)) return fail(...hungUp(where));
  if (level === 'client-timeout' || code === 'ETIMEDOUT') {
    return fail(
      `${where} gave no answer within ${attempt.timeoutMs / 1000} s`,
      'see that the host is up and that no firewall drops the packets; a slow host: a larger connectTimeoutMs',
    );
  }
  const known = socketFailures[code];
  if (known !== undefined) return fail(known[0].replace('WHERE', where), known[1]);
  if (level === 'agent') return fail(`the agent did not sign: ${message}`, 'see `ssh-add -l`, or name the key');
  return fail(`${where} does not complete the login: ${message}`, `try by hand: ssh -v -p ${host.port} ${host.host}`);
}

/** The server hung up before it said a word, as sshd does when too many log in at once (MaxStartups). */
export function isBusy(thrown: unknown): boolean {
  const { code, message } = partsOf(thrown);
  return /lost before handshake|No response from server/i.test(message) || code === 'ECONNRESET' || code === 'EPIPE';
}

const socketFailures: Readonly<Record<string, readonly [string, string]>> = {
  ECONNREFUSED: ['WHERE refuses the connection', 'see that sshd runs there and that the port is right (ssh.port)'],
  EHOSTUNREACH: ['there is no way to WHERE', 'see the route and that the host is up'],
  ENETUNREACH: ['there is no way to WHERE', 'see the network of this machine'],
  ENOTFOUND: ['the name in WHERE is not known', 'correct the address in the inventory, or the name service'],
  EAI_AGAIN: ['the name in WHERE cannot be looked up now', 'see the name service of this machine'],
};

function hungUp(where: string): [string, string] {
  return [`${where} hung up`, 'see sshd’s log there: MaxStartups, fail2ban and hosts.deny hang up like this'];
}

function keyRefusal(key: Buffer, verdict: Verdict, host: SshHost): [string, string] | undefined {
  const shown = `${keyType(key)} ${fingerprint(key)}`;
  if (verdict.kind === 'revoked') {
    return [`the host shows a revoked key, ${shown}`, 'give the host a new host key; do not log in to it before'];
  }
  if (verdict.kind === 'changed') {
    return [
      `THE HOST KEY HAS CHANGED: ${host.keyName} shows ${shown}, ${verdict.file} has another`,
      `if the host was set up anew: ssh-keygen -R '${host.keyName}' -f ${verdict.file}; if not, somebody is in between`,
    ];
  }
  if (host.hostKeys === 'accept-new') return undefined;
  const port = host.port === 22 ? '' : `-p ${host.port} `;
  return [
    `the host key of ${host.keyName} is not known: ${shown}`,
    `compare it with \`ssh-keygen -l -f /etc/ssh/ssh_host_…_key.pub\` on the host, then: ` +
      `ssh-keyscan ${port}${host.host} >>${host.knownHosts[0] ?? '~/.ssh/known_hosts'}; or set ssh.hostKeys: accept-new`,
  ];
}

function loginRefusal({ host, tried, leftOut }: Attempt): [string, string] {
  const ways = tried.length === 0 ? 'there was nothing to log in with' : `tried: ${tried.join(', ')}`;
  const rest = leftOut.length === 0 ? '' : `; left out: ${leftOut.join('; ')}`;
  return [
    `${host.user} is not let in (${ways}${rest})`,
    `put the right key into the agent (ssh-add), or set ssh.user, ssh.identity or ssh.password; ` +
      `on the host the key belongs into ~${host.user}/.ssh/authorized_keys`,
  ];
}

function partsOf(thrown: unknown): { level: string; code: string; message: string } {
  if (!(thrown instanceof Error)) return { level: '', code: '', message: String(thrown) };
  const level = 'level' in thrown && typeof thrown.level === 'string' ? thrown.level : '';
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
  return { level, code, message: thrown.message };
}
