import type { SshSettings } from '../types.ts';
import { splitWords } from './words.ts';

export interface SshArgs {
  readonly ssh: Pick<SshSettings, 'jump' | 'hostKeys' | 'knownHosts' | 'port' | 'user' | 'identity'>;
  /** understood, but not needed here or done in another way */
  readonly ignored: readonly string[];
  /** would change how the host is reached */
  readonly refused: readonly string[];
}

/** What `ansible_ssh_common_args` and its like ask of ssh(1), as far as it is about how to reach a host. */
export function readSshArgs(text: string): SshArgs {
  const words = splitWords(text);
  if (words === undefined) return { ssh: {}, ignored: [], refused: [text] };
  const found: { ssh: SshArgs['ssh']; ignored: string[]; refused: string[] } = { ssh: {}, ignored: [], refused: [] };
  const add = (more: SshArgs['ssh']): void => {
    found.ssh = { ...found.ssh, ...more };
  };
  for (const { flag, value } of flagsOf(words)) {
    if (flag === 'J') add({ jump: value });
    else if (flag === 'l') add({ user: value });
    else if (flag === 'p') add({ port: Number(value) });
    else if (flag === 'i') add({ identity: value });
    else if (flag === 'o') option(value, add, found);
    else if (/^[CqTvx46]+$/.test(flag)) found.ignored.push(`-${flag}`);
    else found.refused.push(`-${flag}${value === '' ? '' : ` ${value}`}`);
  }
  return found;
}

const takesValue = /^[JlpioFWLRDbcEmOQSwI]/;

function flagsOf(words: readonly string[]): readonly { readonly flag: string; readonly value: string }[] {
  const flags: { flag: string; value: string }[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    if (!word.startsWith('-')) flags.push({ flag: word, value: '' });
    else if (!takesValue.test(word.slice(1))) flags.push({ flag: word.slice(1), value: '' });
    else if (word.length > 2) flags.push({ flag: word.slice(1, 2), value: word.slice(2) });
    else {
      i += 1;
      flags.push({ flag: word.slice(1), value: words[i] ?? '' });
    }
  }
  return flags;
}

/** Matters of speed and of waiting, which are the engine's own. */
const harmless =
  /^(control(master|persist|path)|serveralive\w+|tcpkeepalive|connecttimeout|connectionattempts|compression|loglevel|forwardagent|preferredauthentications|\w*authentication|identitiesonly|addkeystoagent|batchmode)$/;

function option(
  text: string,
  add: (more: SshArgs['ssh']) => void,
  found: { ignored: string[]; refused: string[] },
): void {
  const [, key = '', value = ''] = /^\s*(\w+)\s*[=\s]\s*(.*)$/s.exec(text) ?? [];
  const name = key.toLowerCase();
  const jump = name === 'proxyjump' ? value : name === 'proxycommand' ? jumpOf(value) : undefined;
  if (jump !== undefined) add({ jump });
  else if (name === 'user') add({ user: value });
  else if (name === 'port') add({ port: Number(value) });
  else if (name === 'identityfile') add({ identity: value });
  else if (name === 'userknownhostsfile') add({ knownHosts: value });
  // A changed key is refused all the same.
  else if (name === 'stricthostkeychecking')
    add({ hostKeys: /^(no|off|accept-new)$/.test(value) ? 'accept-new' : 'yes' });
  else if (harmless.test(name)) found.ignored.push(`-o ${text}`);
  else found.refused.push(`-o ${text}`);
}

/** `ssh -W %h:%p user@bastion`, the ProxyCommand of the days before ProxyJump. */
function jumpOf(command: string): string | undefined {
  const [program, ...words] = splitWords(command) ?? [];
  if (program === undefined || !/(^|\/)ssh$/.test(program)) return undefined;
  const flags = flagsOf(words);
  const target = flags.filter(({ flag, value }) => value === '' && !/^[qTx46]+$/.test(flag));
  const isPlain = flags.every(
    ({ flag, value }) => value === '' || (flag === 'W' && value === '%h:%p') || /^[lp]$/.test(flag),
  );
  const [host] = target;
  if (!isPlain || target.length !== 1 || host === undefined || !flags.some(({ flag }) => flag === 'W'))
    return undefined;
  const user = flags.find(({ flag }) => flag === 'l')?.value;
  const port = flags.find(({ flag }) => flag === 'p')?.value;
  return `${user === undefined ? '' : `${user}@`}${host.flag}${port === undefined ? '' : `:${port}`}`;
}
