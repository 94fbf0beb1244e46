import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { zones } from '../../../roles/firewalld/zones.ts';
import { endpointUncontradicted } from '../../../roles/hostname/contradictions.ts';
import { keptByCloudInit, nowhereOnLoopback } from '../../../roles/hostname/own-name.ts';
import { surroundings } from '../../../roles/sysctl/surroundings.ts';
import { converge, runOn, shells } from '../../resources/harness.ts';
import { type Sandbox, sandbox } from '../../resources/sandbox.ts';

describe.each(shells)('in %s', (shell) => {
  test.each([
    ['127.0.0.1 localhost\n127.0.1.1 mn01.example.org mn01\n10.0.0.1 mn01\n', '127.0.0.1 localhost\n10.0.0.1 mn01\n'],
    ['127.0.0.1\tlocalhost mn01 mn011 xmn01 mn01.lan # mn01\n', '127.0.0.1\tlocalhost mn011 xmn01 # mn01\n'],
    ['127.0.1.1 mn01# own\n::1 mn01\n', '127.0.1.1 # own\n::1 mn01\n'],
  ])('the own name leaves the loopback lines: %j', async (before, after) => {
    const it = await sandbox({ mounted: { '/etc/hosts': before } });
    expect(await converge(shell, nowhereOnLoopback('mn01'), it.surroundings)).toHaveLength(1);
    expect((await it.get('/etc/hosts'))?.replaceAll(/ +/g, ' ')).toBe(after);
    expect(await converge(shell, nowhereOnLoopback('mn01'), it.surroundings)).toEqual([]);
  });

  test.each(['127.0.0.1 localhost\n', '127.0.1.1 mn01x # mn01\n10.0.0.1 mn01\n', '127.0.1.1 mnx01\n'])(
    'nothing to do: %j',
    async (content) => {
      const it = await sandbox({ mounted: { '/etc/hosts': content } });
      expect(await converge(shell, nowhereOnLoopback('mn01'), it.surroundings)).toEqual([]);
      const dotted = await sandbox({ mounted: { '/etc/hosts': content.replace('mnx01', 'mnx01') } });
      expect(await converge(shell, nowhereOnLoopback('mn.01'), dotted.surroundings)).toEqual([]);
    },
  );

  const uncontradicted = endpointUncontradicted({ name: 'api.example', address: '10.0.0.240' });

  test.each([
    ['10.9.9.9 api.example # old\n', '10.9.9.9'],
    ['10.0.0.240 api.example\n10.0.0.1\tmn01 API.example\n', '10.0.0.1'],
  ])('a line that sends the API’s name elsewhere is refused: %j', async (content, elsewhere) => {
    const it = await sandbox({ mounted: { '/etc/hosts': content } });
    const looked = converge(shell, uncontradicted, it.surroundings);
    await expect(looked).rejects.toThrow(`/etc/hosts says ${elsewhere} for api.example`);
  });

  test.each([
    '# 10.9.9.9 api.example\n# BEGIN cluster (konverge)\n10.0.0.9 api.example\n# END cluster (konverge)\n',
    '10.0.0.240 api.example\n10.9.9.9 api.example.org xapi.example\n',
  ])('others, and those of our block, are not: %j', async (content) => {
    const it = await sandbox({ mounted: { '/etc/hosts': content } });
    expect(await converge(shell, uncontradicted, it.surroundings)).toEqual([]);
  });

  test('cloud-init is told only where it is', async () => {
    const it = await sandbox();
    expect(await converge(shell, keptByCloudInit, it.surroundings)).toEqual([]);
    await it.put('/etc/cloud/cloud.cfg.d/05.cfg', '');
    expect(await converge(shell, keptByCloudInit, it.surroundings)).toHaveLength(1);
    expect(await it.get('/etc/cloud/cloud.cfg.d/99-konverge.cfg')).toBe(
      'preserve_hostname: true\nmanage_etc_hosts: false\n',
    );
  });

  test('files that sysctl.d(5) reads after ours', async () => {
    const it = await sandbox();
    await it.put('/etc/sysctl.d/98-x.conf', 'a.b = 1\n');
    await it.put('/etc/sysctl.d/99-konverge.conf', 'a.b = 2\n');
    await it.put('/etc/sysctl.d/99-z.conf', '# c\n a.b = 3 4 \n-c/d=5\nodd\n');
    const probe = surroundings('99-konverge.conf');
    const seen = probe.parse((await runOn(shell, probe.script, it.surroundings)).stdout);
    expect(seen.hasNetworkManager).toBe(false);
    expect(
      seen.later.filter(({ file }) => file.startsWith('/etc/sysctl.d/99-') && !file.includes('sysctl.conf')),
    ).toEqual([
      { file: '/etc/sysctl.d/99-z.conf', key: 'a.b', value: '3 4' },
      { file: '/etc/sysctl.d/99-z.conf', key: 'c.d', value: '5' },
    ]);
    await it.put('/etc/NetworkManager/conf.d/x.conf', '');
    const again = probe.parse((await runOn(shell, probe.script, it.surroundings)).stdout);
    expect(again.hasNetworkManager).toBe(true);
  });

  test('zones of firewalld: kept and in force', async () => {
    const it = await withFirewall();
    const wish = zones(['10.244.0.0/16', '10.96.0.0/12']);
    expect(await converge(shell, wish, it.surroundings)).toHaveLength(3);
    expect(
      (await readFile(join(it.memory, 'log'), 'utf8')).split('\n').filter((line) => !line.includes('list')),
    ).toEqual([
      '--quiet --permanent --zone=work --add-service=konverge',
      '--quiet --zone=work --add-service=konverge',
      '--quiet --permanent --zone=trusted --add-source=10.244.0.0/16',
      '--quiet --zone=trusted --change-source=10.244.0.0/16',
      '--quiet --permanent --zone=trusted --add-source=10.96.0.0/12',
      '--quiet --zone=trusted --change-source=10.96.0.0/12',
      '',
    ]);
    expect(await converge(shell, wish, it.surroundings)).toEqual([]);
    await writeFile(join(it.memory, 'work'), 'ssh');
    expect(await converge(shell, wish, it.surroundings)).toHaveLength(3);
    await writeFile(join(it.memory, 'trusted'), '10.244.0.0/16');
    expect(await converge(shell, wish, it.surroundings)).toHaveLength(3);
  });
});

/** A stand-in for firewall-cmd(1) that keeps two zones: in force in `$MEMORY`, permanent in /etc/firewalld. */
async function withFirewall(): Promise<Sandbox> {
  const it = await sandbox();
  await it.put('/etc/firewalld/firewalld.conf', '# x\nDefaultZone=work\n');
  await it.put('/etc/firewalld/zones/work.xml', '<zone>\n  <service name="ssh"/>\n</zone>\n');
  await writeFile(join(it.memory, 'work'), 'ssh');
  await writeFile(join(it.memory, 'trusted'), '');
  await it.standIn(
    'firewall-cmd',
    `echo "$*" >>"$MEMORY/log"
case "$*" in
  *list-all-zones) printf 'trusted (active)\\n  sources: %s\\n  services: \\n\\nwork\\n  sources: \\n  services: %s\\n\\n' "$(cat "$MEMORY/trusted")" "$(cat "$MEMORY/work")" ;;
  *--permanent*service=*) echo '  <service name="konverge"/>' >>/etc/firewalld/zones/work.xml ;;
  *--permanent*source=*) echo "  <source address=\\"\${4#*=}\\"/>" >>/etc/firewalld/zones/trusted.xml ;;
  *service=*) printf ' konverge' >>"$MEMORY/work" ;;
  *source=*) printf ' %s' "\${3#*=}" >>"$MEMORY/trusted" ;;
esac`,
  );
  return it;
}
