import { createServer } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { redact, secret, sh } from '../../lib/index.ts';
import { haproxy } from '../../roles/haproxy/index.ts';
import { keepalived } from '../../roles/keepalived/index.ts';
import { runOn, shells } from '../resources/harness.ts';
import { sandbox } from '../resources/sandbox.ts';
import { contentOf, find, hostNamed, inventory, rehearsed, titles, writeFiles } from './rehearsed.ts';

const members = inventory.slice(0, 3).map(({ name, address }, i) => ({ name, address, priority: 100 - i }));
const vars = { vip: '192.168.10.240', members, authPass: secret('s3cret.1') };
const path = '/etc/keepalived/keepalived.conf';

describe('the plan', () => {
  test.each([
    ['debian', '/etc/keepalived/check-haproxy.sh'],
    ['rhel', '/usr/libexec/keepalived/check-haproxy.sh'],
  ] as const)('%s keeps the check in %s', async (family, script) => {
    expect(titles(await rehearsed(keepalived, vars, { family }))).toEqual([
      'pkg keepalived curl',
      `file ${script}`,
      `file ${path}`,
      'service keepalived.service',
    ]);
  });

  test('the password shows nowhere, addresses stay readable', async () => {
    const [change] = find(await rehearsed(keepalived, vars), `file ${path}`).diff(
      { type: 'absent' },
      { changed: () => false },
    );
    expect(change?.text).toBeUndefined();
    expect(JSON.stringify(change)).not.toContain('s3cret');
    expect(redact('192.168.10.22 auth_pass s3cret.1')).toBe('192.168.10.22 auth_pass •••••');
  });

  test.each([
    [{ members: members.slice(1) }, 'k8s-mn01 is not among the members'],
    [{ members: members.map((each) => ({ ...each, priority: 100 })) }, 'priorities must differ: 100, 100, 100'],
    [{ vip: '192.168.10.22' }, 'the VIP 192.168.10.22 is the address of k8s-mn02'],
    [
      { weight: -2, members: members.map((each, i) => ({ ...each, priority: [100, 90, 70][i] ?? 1 })) },
      'it must exceed the spread of priorities, 30',
    ],
    [{ authPass: 'a#b' }, 'authPass may hold'],
    [{ authPass: 'a b' }, 'authPass may hold'],
  ])('%j is refused', (odd, message) => {
    expect(() => keepalived({ ...vars, ...odd }).prepare(hostNamed('k8s-mn01'), inventory)).toThrow(message);
  });

  test('one member alone needs no weight', () => {
    const alone = { ...vars, members: members.slice(0, 1), weight: -1 };
    expect(() => keepalived(alone).prepare(hostNamed('k8s-mn01'), inventory)).not.toThrow();
  });

  test.each([
    [{ interface: 'ens9' }, 'no interface ens9; there are: eth0 (192.168.10.11/24)'],
    [{}, 'no interface with the address 192.168.10.11; there are: eth1 (10.0.0.1/8)'],
  ])('an interface that is not there is refused, %j', async (more, message) => {
    const facts =
      'interface' in more ? {} : { interfaces: [{ name: 'eth1', mac: undefined, addresses: ['10.0.0.1/8'] }] };
    await expect(rehearsed(keepalived, { ...vars, ...more }, { facts })).rejects.toThrow(message);
  });
});

const layers = ['/usr/libexec'];

describe('the real keepalived', () => {
  test.each(['debian', 'rhel'] as const)('takes the settings, %s', async (family) => {
    const host = await sandbox({ layers });
    const interfaces = [
      { name: 'lo', mac: undefined, addresses: ['127.0.0.1/8'] },
      { name: 'eth0', mac: undefined, addresses: ['10.0.0.5/16', '192.168.10.22/24'] },
    ];
    await writeFiles(await rehearsed(keepalived, vars, { family, on: 'k8s-mn02', facts: { interfaces } }), host);
    const text = (await host.get(path)) ?? '';
    expect(text).toContain('192.168.10.240/24 dev eth0');
    expect(text).toMatch(/state BACKUP\s+interface eth0\s+virtual_router_id 51\s+priority 99/);
    expect(text).toMatch(/unicast_src_ip 192.168.10.22\s+unicast_peer \{\s+192.168.10.11\s+192.168.10.33\s+\}/);
    expect(text).toContain('auth_pass s3cret.1');
    const mode = await runOn('dash', sh`stat -c %a ${path}`, host.surroundings);
    expect(mode.stdout.toString()).toBe('600\n');
  });

  test('multicast, no password, an interface by name', async () => {
    const host = await sandbox({ layers });
    const bare = { vip: vars.vip, members, unicast: false, interface: 'eth0' };
    const interfaces = [{ name: 'eth0', mac: undefined, addresses: ['fe80::1/64', '10.9.0.1/16'] }];
    await writeFiles(await rehearsed(keepalived, bare, { facts: { interfaces } }), host);
    expect(await host.get(path)).not.toMatch(/unicast|auth/);
    // Of the address family of the VIP, whichever comes first.
    expect(await host.get(path)).toContain('192.168.10.240/16 dev eth0');
  });

  test('a control plane that is alone has nobody to tell', async () => {
    const host = await sandbox({ layers });
    const alone = { ...vars, members: members.slice(0, 1), interface: 'eth0' };
    await writeFiles(await rehearsed(keepalived, alone), host);
    expect(await host.get(path)).not.toContain('unicast');
  });

  test('refuses settings that it would take and then not do, such as a check that others may write to', async () => {
    const host = await sandbox({ layers });
    const plan = await rehearsed(keepalived, vars);
    await host.put('/etc/keepalived/check-haproxy.sh', '#!/bin/sh\n', 0o777);
    const files = { ...plan, resources: [find(plan, `file ${path}`)] };
    await expect(writeFiles(files, host)).rejects.toThrow('validation failed');
    expect(await host.get(path)).toBeUndefined();
  });
});

describe('the check', () => {
  test.each(shells)('follows haproxy, and only haproxy, %s', async (shell) => {
    let status = 200;
    const server = createServer((_request, response) => {
      response.statusCode = status;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const livenessUrl = `http://127.0.0.1:${address.port}/alive`;
    const host = await sandbox();
    const plan = await rehearsed(keepalived, { ...vars, livenessUrl });
    await host.put('/check.sh', contentOf(plan, '/etc/keepalived/check-haproxy.sh'));
    const run = async () => (await runOn(shell, sh`. ${'/etc/check.sh'}`, host.surroundings)).code;
    await host.put('/etc/check.sh', contentOf(plan, '/etc/keepalived/check-haproxy.sh'));
    expect(await run()).toBe(0);
    status = 503;
    expect(await run()).not.toBe(0);
    server.close();
    server.closeAllConnections();
    expect(await run()).not.toBe(0);
  });

  test('asks what haproxy answers', async () => {
    const plan = await rehearsed(haproxy, { backends: [{ name: 'a', address: '10.0.0.1' }] });
    const settings = contentOf(plan, '/etc/haproxy/haproxy.cfg');
    const check = contentOf(await rehearsed(keepalived, vars), '/etc/keepalived/check-haproxy.sh');
    const port = /bind (127\.0\.0\.1:\d+)\n +monitor-uri (\S+)/.exec(settings);
    expect(check).toContain(`'http://${port?.[1]}${port?.[2]}'`);
  });
});
