import { badInput, commandFailed } from '../errors.ts';
import { lines, type Script, sh } from '../sh.ts';
import type { Resource, Writer } from './contract.ts';
import { file } from './file.ts';
import type { FileState } from './file-state.ts';
import { evidenceOf, probeWithFile } from './with-file.ts';

export interface KernelModuleOptions {
  /** `k8s`: the names are the lines of /etc/modules-load.d/k8s.conf, modules-load.d(5). Without it they go at reboot. */
  readonly persist?: string;
}

export interface KernelModuleState {
  /** `absent` where no file is wished */
  readonly file: FileState;
  /** neither loaded nor built in */
  readonly missing: readonly string[];
}

/**
 * Afterwards each module is loaded (or built into the kernel), and is so again after a reboot. The file is wholly
 * owned: two resources must not share a `persist` name. id = the names
 * @throws BadInput on what is not a module's name
 */
export function kernelModule(
  names: string | readonly string[],
  { persist }: KernelModuleOptions = {},
): Resource<KernelModuleState> {
  const all = typeof names === 'string' ? [names] : names;
  for (const name of [...all, ...(persist === undefined ? [] : [persist])]) {
    if (!/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(name)) throw badInput(`not the name of a kernel module: ${name}`);
  }
  const list = persist === undefined ? undefined : listFile(persist, all);
  const more = lookFor(all);
  const withFile = list && probeWithFile(list, more);
  const parseAlone = (out: Buffer): readonly string[] =>
    out
      .toString()
      .split('\n')
      .filter((line) => line !== '');
  return {
    kind: 'kernelModule',
    id: all.join(' '),
    probe: {
      script: withFile?.script ?? more,
      parse(out) {
        const both = withFile?.parse(out);
        return { file: both?.file ?? { type: 'absent' }, missing: both?.more ?? parseAlone(out) };
      },
    },
    diff: (state, seen) => [
      ...state.missing.map((name) => ({ path: name, from: 'not loaded', to: 'loaded' })),
      ...(list?.diff(state.file, seen) ?? []),
    ],
    async apply(host, changes, state) {
      await load(host, state.missing);
      const ofFile = changes.filter((change) => !state.missing.includes(change.path));
      if (ofFile.length > 0) await list?.apply(host, ofFile, state.file);
    },
    ...evidenceOf(list ?? {}),
  };
}

const listFile = (persist: string, names: readonly string[]): Resource<FileState> =>
  file(`/etc/modules-load.d/${persist}.conf`, { content: names.map((name) => `${name}\n`).join('') });

/**
 * What else proves that a module is there: a built-in one without parameters has no /sys/module folder, and a container
 * has no /lib/modules to look it up in.
 */
const traces: Readonly<Record<string, Script>> = {
  br_netfilter: sh`[ -e /proc/sys/net/bridge/bridge-nf-call-iptables ]`,
  overlay: sh`grep -qw overlay /proc/filesystems`,
  nf_conntrack: sh`[ -e /proc/sys/net/netfilter/nf_conntrack_max ]`,
  ip_vs: sh`[ -e /proc/net/ip_vs ]`,
};

/** Prints the names of those that are missing. */
function lookFor(names: readonly string[]): Script {
  const each = names.map((name) => {
    const id = name.replaceAll('-', '_');
    // Files are named with either sign: modules.builtin(5) lists kernel/net/bridge/br_netfilter.ko
    const built = `/${name.replaceAll(/[-_]/g, '[-_]')}\\.ko`;
    return sh`[ -d /sys/module/${id} ] || grep -qs -- ${built} "/lib/modules/$(uname -r)/modules.builtin" ||
${traces[id] ?? sh`false`} || echo ${name}`;
  });
  return lines(...each, sh`exit 0`);
}

async function load(host: Writer, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  const script = sh`
for name in ${names}; do
  modprobe -- "$name" || exit 1
done`;
  const result = await host.run(script, { okCodes: [0, 1, 127], what: `modprobe ${names.join(' ')}` });
  if (result.code === 0) return;
  throw commandFailed(`the kernel modules ${names.join(', ')} cannot all be loaded`, {
    ran: script.text.trim(),
    said: result.stderr.toString().trim(),
    mend:
      'in a container: load them on the machine that it runs on; ' +
      'else install what holds them for the running kernel (kernel-modules-extra, linux-image) or reboot into an installed kernel',
    touched: true,
  });
}
