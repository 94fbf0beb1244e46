import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { kubeconfig } from '../../../roles/kubeconfig/index.ts';
import { userKubeconfig } from '../../../roles/kubeconfig/user-kubeconfig.ts';
import { runOn, shells } from '../../resources/harness.ts';
import { inventory } from '../kubeadm/hosts.ts';
import { stage } from '../kubeadm/stage.ts';
import { below, standIns, tree } from '../kubeadm/stand-ins.ts';

const secretLine = 'client-key-data: c2VjcmV0IGtleQ==\n';

describe.each(shells)('%s', (shell) => {
  const setUp = async () => {
    const root = await tree({ 'etc/kubernetes/admin.conf': secretLine, 'home/x': '' });
    const home = join(root, 'home');
    const path = [await standIns({ getent: `[ "$2" != nobody2 ] && echo "$2:x:0:0::${home}:/bin/sh"` })];
    const resource = userKubeconfig('root');
    const isSo = async () => {
      const { stdout } = await runOn(shell, below(root, resource.probe.script), { path });
      return resource.diff(resource.probe.parse(stdout), { changed: () => false }).length === 0;
    };
    const scripts: string[] = [];
    const apply = async (which = resource) => {
      let code = -1;
      let said = '';
      const writer = {
        host: 'mn01',
        run: async (script: Parameters<typeof below>[1]) => {
          scripts.push(script.text);
          const result = await runOn(shell, below(root, script), { path });
          ({ code } = result);
          said = result.stdout.toString() + result.stderr.toString();
          return result;
        },
        upload: () => Promise.resolve(),
      };
      await which.apply(writer, [], undefined);
      return { code, said, text: scripts.join('') };
    };
    return { root, home, isSo, apply };
  };

  test('a private copy, once', async () => {
    const { home, isSo, apply } = await setUp();
    expect(await isSo()).toBe(false);
    expect(await apply()).toMatchObject({ code: 0, said: '' });
    expect(await isSo()).toBe(true);
    expect(await readFile(join(home, '.kube/config'), 'utf8')).toBe(secretLine);
    expect((await stat(join(home, '.kube/config'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(home, '.kube'))).mode & 0o777).toBe(0o700);
    await chmod(join(home, '.kube/config'), 0o644);
    expect(await isSo()).toBe(false);
    await apply();
    expect(await readdir(join(home, '.kube'))).toEqual(['config']);
    expect(await isSo()).toBe(true);
  });

  test('what was there before is kept, a link is replaced and not followed', async () => {
    const { root, home, isSo, apply } = await setUp();
    await mkdir(join(home, '.kube'));
    await writeFile(join(home, '.kube/config'), 'of another cluster');
    await apply();
    const [config, kept] = await readdir(join(home, '.kube'));
    expect(config).toBe('config');
    expect(await readFile(join(home, '.kube', kept ?? ''), 'utf8')).toBe('of another cluster');
    await writeFile(join(root, 'victim'), 'untouched');
    await runOn('dash', below(root, { ...userKubeconfig('root').probe.script, text: `rm ${home}/.kube/config` }));
    await symlink(join(root, 'victim'), join(home, '.kube/config'));
    await apply();
    expect(await readFile(join(root, 'victim'), 'utf8')).toBe('untouched');
    expect(await isSo()).toBe(true);
  });

  test('no such user', async () => {
    const { apply } = await setUp();
    expect(await apply(userKubeconfig('nobody2'))).toMatchObject({
      code: 1,
      said: 'there is no user nobody2 on this host\n',
    });
  });
});

test('the role: one resource a user, the content never passes the controller', async () => {
  const [mn01, , , wn01] = inventory;
  if (mn01 === undefined || wn01 === undefined) throw new Error('no host');
  const made = stage('mn01', { inventory, answer: () => 'no' });
  await kubeconfig({ users: ['root', 'ops'] })
    .prepare(mn01, inventory)
    .run(made.context);
  expect(made.said()).toEqual(['mn01: command ~root/.kube/config', 'mn01: command ~ops/.kube/config']);
  expect(made.deeds.flatMap((deed) => deed.ran.map((each) => each.stdin))).toEqual(['', '']);
  expect(() => kubeconfig({}).prepare(wn01, inventory)).toThrow(/only control planes/);
});
