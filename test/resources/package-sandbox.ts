import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { sh } from '../../lib/sh.ts';
import { runOn, type Surroundings } from './harness.ts';

/** What a package manager writes to. */
const layered = ['etc', 'var', 'usr', 'opt', 'root'];

export interface Sandbox extends Surroundings {
  /** Runs a script inside. @throws on a failure */
  inside(script: ReturnType<typeof sh>): Promise<string>;
}

/**
 * This machine with a layer over it: whatever runs inside sees its real dpkg, apt, rpm and dnf, and what it writes stays in a
 * folder of the test (overlayfs in a mount namespace; needs root or user namespaces). /run/systemd/system exists inside,
 * and `systemctl` is a stand-in that writes its words to /var/systemctl.log and finds every unit enabled.
 */
export async function sandbox(): Promise<Sandbox> {
  // In memory where that is possible: package databases are synced to disk again and again.
  const folder = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'konverge-sandbox-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const name of layered) {
    await mkdir(join(folder, name, 'upper'), { recursive: true });
    await mkdir(join(folder, name, 'work'), { recursive: true });
  }
  await mkdir(join(folder, 'run/systemd/system'), { recursive: true });
  const enter = join(folder, 'enter');
  await writeFile(enter, script(folder), { mode: 0o755 });
  const namespace = process.getuid?.() === 0 ? ['unshare', '-m'] : ['unshare', '-rm'];
  const surroundings = { wrap: [...namespace, enter] };
  const inside: Sandbox['inside'] = async (command) => {
    const result = await runOn('dash', command, surroundings);
    if (result.code !== 0) throw new Error(`${command.text}: exit ${result.code}: ${result.stderr.toString()}`);
    return result.stdout.toString();
  };
  await inside(sh`
rm -rf /usr/sbin/policy-rc.d /root/.rpmdb /var/lib/rpm /root/.bashrc
cat >/usr/bin/systemctl <<'END'
#!/bin/sh
echo "$*" >>/var/systemctl.log
case " $* " in *' is-enabled '*) echo enabled;; esac
END
chmod 755 /usr/bin/systemctl`);
  return { ...surroundings, inside };
}

const script = (folder: string): string => `#!/bin/sh
set -e
for name in ${layered.join(' ')}; do
  layer=${folder}/$name
  mount -t overlay overlay -o "lowerdir=/$name,upperdir=$layer/upper,workdir=$layer/work" "/$name"
done
mount --bind ${folder}/run /run
# What a developer keeps in /usr/local is not the host's. Nor is .bashrc, which every bash below RPM would read, since
# bash takes Node's pipes for a network connection.
PATH=/usr/sbin:/usr/bin:/sbin:/bin
exec "$@"
`;
