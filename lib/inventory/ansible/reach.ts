import { secret } from '../../secret.ts';
import type { LocatedProblem } from '../located-problem.ts';
import type { Origin, VarTree } from '../tree.ts';
import type { BecomeSettings, HostEntry, SshSettings } from '../types.ts';
import { tell, type Vars } from './outline.ts';
import { readSshArgs } from './ssh-args.ts';
import { unreadable } from './unreadable.ts';

/** The vars of Ansible that are understood; the first name of a line counts, the others are older ones of the same. */
const names = {
  host: ['ansible_host', 'ansible_ssh_host'],
  port: ['ansible_port', 'ansible_ssh_port'],
  user: ['ansible_user', 'ansible_ssh_user'],
  password: ['ansible_password', 'ansible_ssh_pass', 'ansible_ssh_password'],
  identity: ['ansible_ssh_private_key_file', 'ansible_private_key_file'],
  connection: ['ansible_connection'],
  become: ['ansible_become'],
  becomeMethod: ['ansible_become_method'],
  becomeUser: ['ansible_become_user'],
  becomePassword: ['ansible_become_password', 'ansible_become_pass', 'ansible_sudo_pass'],
  commonArgs: ['ansible_ssh_common_args'],
  extraArgs: ['ansible_ssh_extra_args'],
  hostKeys: ['ansible_host_key_checking', 'ansible_ssh_host_key_checking'],
  /** the address inside the cluster's network, as Kubespray calls it */
  ip: ['ip'],
} as const;

/** Every var that says how a host is reached. */
export const reachNames: ReadonlySet<string> = new Set([...Object.values(names).flat(), 'ansible_group_priority']);

interface Said {
  readonly text: string;
  readonly origin: Origin;
  readonly name: string;
}

interface Asked {
  readonly host: string;
  readonly notes: LocatedProblem[];
  readonly problems: LocatedProblem[];
  /** undefined = nobody wrote it, or it cannot be read, which is told */
  readonly said: (what: keyof typeof names) => Said | undefined;
}

/** How a host is reached and who one becomes there, from the vars it has by Ansible's precedence. */
export function reachOf(host: string, vars: Vars, notes: LocatedProblem[], problems: LocatedProblem[]): HostEntry {
  const asked: Asked = { host, notes, problems, said: (what) => readText(names[what], vars, problems, host) };
  const sshHost = asked.said('host')?.text;
  const address = asked.said('ip')?.text ?? sshHost ?? host;
  const ssh = sshOf(asked);
  const own: SshSettings = sshHost === undefined || sshHost === address ? ssh : { ...ssh, host: sshHost };
  const become = becomeOf(asked);
  return {
    address,
    ...(Object.keys(own).length === 0 ? {} : { ssh: own }),
    ...(become === undefined ? {} : { become }),
    ...(isLocal(asked) ? { local: true } : {}),
  };
}

function readText(of: readonly string[], vars: Vars, problems: LocatedProblem[], host: string): Said | undefined {
  const name = of.find((each) => vars.has(each));
  const tree: VarTree | undefined = name === undefined ? undefined : vars.get(name);
  if (name === undefined || tree === undefined) return undefined;
  const wrong = unreadable(tree);
  if (wrong !== undefined) problems.push({ ...wrong, path: [name], host });
  if (wrong !== undefined || tree.kind !== 'leaf') return undefined;
  const { value, source, origin } = tree;
  const isText = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isText ? { text: source ?? String(value), origin, name } : undefined;
}

function sshOf({ said, notes, problems }: Asked): SshSettings {
  const port = said('port');
  const user = said('user')?.text;
  const password = said('password')?.text;
  const identity = said('identity')?.text;
  if (port !== undefined && !/^\d+$/.test(port.text)) {
    tell(problems, port.origin, `'${port.text}' is no port`, 'write a number', [port.name]);
  }
  const checking = said('hostKeys');
  let ssh: SshSettings = checking !== undefined && !isTrue(checking.text) ? { hostKeys: 'accept-new' } : {};
  for (const args of [said('commonArgs'), said('extraArgs')]) {
    if (args === undefined) continue;
    const read = readSshArgs(args.text);
    ssh = { ...ssh, ...read.ssh };
    const mend = 'put it into ~/.ssh/config, which is honoured, or use ProxyJump';
    for (const each of read.refused) tell(problems, args.origin, `'${each}' is not understood here`, mend, [args.name]);
    if (read.ignored.length > 0)
      tell(notes, args.origin, `not needed, ignored: ${read.ignored.join(' ')}`, undefined, [args.name]);
  }
  return {
    ...ssh,
    ...(port === undefined ? {} : { port: Number(port.text) }),
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password: secret(password) }),
    ...(identity === undefined ? {} : { identity }),
  };
}

function becomeOf({ said, problems }: Asked): BecomeSettings | undefined {
  const wanted = said('become');
  const method = said('becomeMethod');
  const user = said('becomeUser');
  const password = said('becomePassword')?.text;
  if (method !== undefined && method.text !== 'sudo') {
    tell(problems, method.origin, `'${method.text}' is no way to become root here`, 'sudo is the only one', [
      method.name,
    ]);
  }
  if (user !== undefined && user.text !== 'root') {
    tell(problems, user.origin, `'${user.text}': every role works as root`, 'remove the line', [user.name]);
  }
  if (wanted !== undefined && !isTrue(wanted.text)) return { method: 'none' };
  if (wanted === undefined && password === undefined) return undefined;
  return {
    method: wanted === undefined ? 'auto' : 'sudo',
    ...(password === undefined ? {} : { password: secret(password) }),
  };
}

function isLocal({ said, problems }: Asked): boolean {
  const connection = said('connection');
  if (connection === undefined || /^(ssh|smart|paramiko(_ssh)?|ansible\.builtin\.ssh)$/.test(connection.text))
    return false;
  if (connection.text === 'local' || connection.text === 'ansible.builtin.local') return true;
  const mend = 'ssh and local are the ways there are';
  tell(problems, connection.origin, `'${connection.text}' is not understood here`, mend, [connection.name]);
  return false;
}

/** What YAML 1.1 and Ansible take for true. */
const isTrue = (text: string): boolean => /^(true|yes|on|y|t|1|1\.0)$/i.test(text);
