import { badInput, commandFailed } from '../errors.ts';
import { sh } from '../sh.ts';
import type { Change, Probe, Resource, Writer } from './contract.ts';
import { file } from './file.ts';
import type { FileState } from './file-state.ts';
import { evidenceOf, probeWithFile } from './with-file.ts';

export interface UnitOptions {
  readonly content: string;
  /** `limits`: written to NAME.d/limits.conf instead of being the unit itself */
  readonly dropIn?: string;
}

export interface UnitState {
  readonly file: FileState;
  /** LoadState of systemctl(1) */
  readonly load: string;
  /** systemd has an older version of the unit or of its drop-ins in memory */
  readonly outdated: boolean;
}

/**
 * Afterwards /etc/systemd/system/NAME (or the drop-in) has this content and systemd has loaded it: systemd.unit(5).
 * Nothing is started or restarted: that is `service(NAME, { restartOn: [unit] })`.
 */
export function unit(name: string, { content, dropIn }: UnitOptions): Resource<UnitState> {
  checkName(name, dropIn);
  const folder = '/etc/systemd/system';
  const path = dropIn === undefined ? `${folder}/${name}` : `${folder}/${name}.d/${dropIn}.conf`;
  const itself = file(path, { content });
  return {
    kind: 'unit',
    id: dropIn === undefined ? name : `${name}.d/${dropIn}.conf`,
    probe: unitProbe(name, itself),
    diff: (state, seen) => [...itself.diff(state.file, seen), ...loading(itself.diff(state.file, seen), state, dropIn)],
    async apply(host, changes, state) {
      const ofFile = changes.filter((change) => change.path !== 'loaded');
      if (ofFile.length > 0) await itself.apply(host, ofFile, state.file);
      await reload(host, name, path);
    },
    ...evidenceOf(itself),
  };
}

function checkName(name: string, dropIn: string | undefined): void {
  const types = 'service|socket|timer|mount|automount|path|slice|target|swap';
  if (!new RegExp(`^[A-Za-z0-9][A-Za-z0-9:_.@\\\\-]*\\.(${types})$`).test(name)) {
    throw badInput(`not the full name of a systemd unit (like containerd.service): ${name}`);
  }
  if (dropIn !== undefined && !/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(dropIn)) {
    throw badInput(`not the name of a drop-in (like limits, without .conf): ${dropIn}`);
  }
}

function unitProbe(name: string, itself: Resource<FileState>): Probe<UnitState> {
  const probe = probeWithFile(itself, sh`systemctl show -p LoadState,NeedDaemonReload -- ${name}`);
  return {
    script: probe.script,
    parse(out) {
      const { file: state, more } = probe.parse(out);
      const load = more.find((line) => line.startsWith('LoadState='))?.slice('LoadState='.length) ?? '';
      return { file: state, load, outdated: more.includes('NeedDaemonReload=yes') };
    },
  };
}

/** A reload that is owed although the file is right: an interrupted run, or an edit by hand. */
function loading(ofFile: readonly Change[], state: UnitState, dropIn: string | undefined): readonly Change[] {
  const unknown = dropIn === undefined && state.load === 'not-found';
  if (ofFile.length > 0 || !(state.outdated || unknown)) return [];
  return [{ path: 'loaded', from: unknown ? 'not known to systemd' : 'an older version', to: 'current' }];
}

async function reload(host: Writer, name: string, path: string): Promise<void> {
  const script = sh`systemctl daemon-reload && systemctl show -p LoadState,LoadError -- ${name}`;
  const said = (await host.run(script, { what: 'systemctl daemon-reload' })).stdout.toString();
  if (!/^LoadState=(bad-setting|error)$/m.test(said)) return;
  throw commandFailed(`systemd cannot load ${name}`, {
    said: said.trim(),
    mend: `correct ${path}; systemd-analyze verify ${name} on the host names the line`,
    touched: true,
  });
}
