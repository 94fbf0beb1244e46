import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Session } from '../../../lib/connection/session.ts';
import { unreachable } from '../../../lib/errors.ts';
import { type HostView, type Script, type Step, sh } from '../../../lib/index.ts';
import type { Host } from '../../../lib/inventory/types.ts';
import { contextFor, type RunState } from '../../../lib/run/context.ts';
import type { Opened } from '../../../lib/run/fleet.ts';
import { assumedFacts } from '../../../lib/run/rehearse.ts';
import { fakeSystemd } from '../../resources/fake-systemctl.ts';
import { runOn } from '../../resources/harness.ts';
import { sandbox } from '../../resources/sandbox.ts';
import { serve } from '../../resources/server.ts';

/**
 * Hosts on which the role runs for real, through the engine: real etcd and openssl, each host with an /etc, /var/lib and /usr/local
 * of its own on a loopback address of its own. systemd is a stand-in, which starts what the unit says as the unit's user.
 */
export interface EtcdHost {
  readonly view: HostView;
  /** what a script prints there. @throws when it fails */
  readonly sh: (script: string) => Promise<string>;
  /** as when the power goes: nothing is told to etcd */
  kill(): Promise<void>;
}

export interface Ran {
  /** `mn01: file /etc/x` of what was changed, or would be; `mn02 on mn01: …` where it was done for another host */
  readonly changed: readonly string[];
  readonly notes: readonly string[];
}

export interface World {
  readonly inventory: readonly HostView[];
  host(name: string): EtcdHost;
  /** the machine is replaced by a bare one of the same name and address */
  wipe(name: string): Promise<void>;
  /** from now on it cannot be reached (or can again) */
  cut(name: string, isCut?: boolean): void;
  run(step: Step, on: string, more?: { readonly check?: boolean; readonly lost?: readonly string[] }): Promise<Ran>;
}

/** A block of loopback addresses of this process, so that two runs of the tests do not meet. */
const block = `127.${60 + (process.pid % 150)}.${(Math.floor(process.pid / 150) % 200) + 1}`;

/** `names` are control planes, and etcd hosts where they are not in `outside`. */
export async function world(names: readonly string[], outside: readonly string[] = []): Promise<World> {
  const inventory = names.map((name, i): Host => {
    const groups = outside.includes(name) ? ['controlPlane'] : ['controlPlane', 'etcd'];
    const rest = { vars: {}, ssh: {}, become: { method: 'none' as const }, local: false };
    return { name, address: `${block}.${11 * (i + 1)}`, groups, ...rest };
  });
  const hosts = new Map<string, LiveHost>();
  for (const view of inventory) hosts.set(view.name, await bareHost(view));
  const silent = new Set<string>();
  const find = (name: string): LiveHost => {
    const found = hosts.get(name);
    if (found === undefined) throw new Error(`no host ${name}`);
    return found;
  };
  const open = async (name: string): Promise<Opened> => {
    const { view, session } = find(name);
    if (silent.has(name)) throw unreachable(`${name} is silent`);
    return { host: view, session, facts: { ...assumedFacts('debian', view), hostname: name } };
  };
  return {
    inventory,
    host: find,
    async wipe(name) {
      const { view, end } = find(name);
      await end();
      hosts.set(name, await bareHost(view));
    },
    cut: (name, isCut = true) => void (isCut ? silent.add(name) : silent.delete(name)),
    async run(step, on, { check = false, lost = [] } = {}) {
      const changed: string[] = [];
      const notes: string[] = [];
      const run: RunState = {
        check,
        fleet: { open, opened: () => [], close: () => Promise.resolve() },
        inventory,
        lost: new Set(lost),
        changed: new Set(),
        pause: () => {},
        say(event) {
          if (event.type === 'note') notes.push(event.text);
          if (event.type !== 'resource' || !/^(would-)?changed?$/.test(event.status)) return;
          changed.push(`${event.host}${event.on === undefined ? '' : ` on ${event.on}`}: ${event.kind} ${event.id}`);
        },
      };
      const opened = await open(on);
      await step.prepare(opened.host, inventory).run(contextFor(run, opened, step.role, step.dir).context);
      return { changed, notes };
    },
  };
}

interface LiveHost extends EtcdHost {
  readonly view: Host;
  readonly session: Session;
  readonly end: () => Promise<void>;
}

async function bareHost(view: Host): Promise<LiveHost> {
  const made = await sandbox({ layers: ['/usr/local', '/var/cache'] });
  await fakeSystemd(made);
  const [bin = ''] = made.surroundings.path ?? [];
  renameSync(join(bin, 'systemctl'), join(bin, 'systemctl-fake'));
  rmSync(join(bin, 'sleep'));
  await made.standIn('systemctl', systemctl);
  const { surroundings, end: leave } = made;
  const run = (text: string, stdin: Buffer | string = '') => runOn('dash', scriptOf(text), surroundings, stdin);
  const session: Session = {
    host: view.name,
    trips: 0,
    async run(scripts, { stdin = Buffer.alloc(0) } = {}) {
      const results = [];
      for (const [i, script] of scripts.entries()) results.push(await run(script.text, i === 0 ? stdin : ''));
      return results;
    },
    upload: () => Promise.reject(new Error('nothing is uploaded here')),
    lock: () => Promise.resolve(),
    interrupt: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const kill = async (): Promise<void> => {
    await run(powerOff);
  };
  let isGone = false;
  const end = async (): Promise<void> => {
    if (isGone) return;
    isGone = true;
    await kill();
    leave();
  };
  onTestFinished(end);
  await run(notInstalledHere);
  return { view, session, kill, end, sh: (text) => said(view.name, run(text)) };
}

const scriptOf = (text: string): Script => ({ ...sh``, text });

async function said(name: string, running: ReturnType<typeof runOn>): Promise<string> {
  const { code, stdout, stderr } = await running;
  if (code !== 0) throw new Error(`${name}: exit ${code}: ${stderr.toString()}${stdout.toString()}`);
  return stdout.toString().trim();
}

/** The machine that runs the tests has Debian's etcd, whose programs these are; the hosts have none. */
const notInstalledHere = `cd /var/lib/dpkg && awk 'BEGIN { RS = ""; ORS = "\\n\\n" } !/^Package: etcd/' status >status.new && cp status.new status
rm -rf /var/lib/etcd /etc/default/etcd`;

/** Who has died counts as dead, though nobody may have asked for its exit code yet. */
const powerOff = `[ -e "$MEMORY/pid" ] || exit 0
pid=$(cat "$MEMORY/pid")
kill -9 "$pid"
until grep -qs '^State:.Z' "/proc/$pid/status" || [ ! -e "/proc/$pid" ]; do sleep 0.1; done
rm "$MEMORY/pid"
sed -i 's/^ActiveState=.*/ActiveState=failed/' "$MEMORY/unit"`;

/** Starts what the unit says. All hosts share 127.0.0.1, so that none of them listens there. */
const systemctl = `
fake=\${0%/*}/systemctl-fake
alive() { [ -e "$MEMORY/pid" ] && kill -0 "$(cat "$MEMORY/pid")" 2>/dev/null; }
end() { if alive; then kill "$(cat "$MEMORY/pid")"; while alive; do sleep 0.1; done; fi; rm -f "$MEMORY/pid"; }
begin() {
  unit=/etc/systemd/system/etcd.service
  words=$(sed -n '/^ExecStart=/,/[^\\\\]$/p' $unit | sed 's/^ExecStart=//; s/\\\\$//; s|,https://127.0.0.1:2379||; /metrics-urls/d')
  set -a; [ ! -e /etc/etcd/initial.env ] || . /etc/etcd/initial.env; set +a
  user=$(sed -n 's/^User=//p' $unit)
  setsid setpriv --reuid "$user" --regid "$user" --clear-groups $words >>"$MEMORY/etcd.log" 2>&1 3>&- </dev/null &
  echo $! >"$MEMORY/pid"
}
case $1 in
  is-active) [ "$2" = etcd.service ] && alive && echo active || { echo inactive; exit 3; }; exit ;;
  start) alive || begin ;;
  restart) end; begin ;;
  stop) end ;;
esac
if [ -e "$MEMORY/pid" ] && ! alive; then sed -i 's/^ActiveState=.*/ActiveState=failed/' "$MEMORY/unit"; fi
exec "$fake" "$@"`;

/** Debian's etcd as upstream would publish it, from a server of this machine. */
export async function etcdRelease() {
  const folder = mkdtempSync(join(tmpdir(), 'konverge-etcd-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const inside = 'etcd-v3.4.23-linux-amd64';
  mkdirSync(join(folder, inside));
  for (const program of ['etcd', 'etcdctl']) copyFileSync(`/usr/bin/${program}`, join(folder, inside, program));
  execFileSync('tar', ['-cf', join(folder, 'etcd.tar'), '-C', folder, inside]);
  const body = readFileSync(join(folder, 'etcd.tar'));
  const { url } = await serve({ '/file': { body } });
  return { amd64: { urls: [`${url}/file`], sha256: createHash('sha256').update(body).digest('hex') } };
}
