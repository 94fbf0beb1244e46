import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { fromAnsible, recogniseAnsible } from '../../../lib/inventory/ansible/from-ansible.ts';
import { readSshArgs } from '../../../lib/inventory/ansible/ssh-args.ts';
import { groupVars } from '../../../lib/inventory/define.ts';
import { loadInventory } from '../../../lib/inventory/load.ts';
import { isSecret, reveal } from '../../../lib/secret.ts';
import { root } from '../../house/imports.ts';
import { failureOf, folderWith, messageOf } from '../base-vars.ts';

const schema = z.strictObject({ level: z.string().default('none'), map: z.record(z.string(), z.number()).default({}) });
const vars = groupVars('own', schema);

/** An inventory file in a folder of its own, read with two groups that are called what they are. */
function read(text: string, files: Readonly<Record<string, string>> = {}, name = 'inventory') {
  const folder = folderWith({ ...files, [`/${name}`]: text });
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
  const definition = fromAnsible(join(folder, name), { groups: { one: 'one', two: ['two', 'more'] }, vars });
  return { folder, definition };
}
const problemOf = (text: string, files?: Readonly<Record<string, string>>, name?: string): string =>
  messageOf(() => read(text, files, name))
    .split('\n')
    .slice(1)
    .map((line) => line.trim())
    .join('\n');

beforeEach(() => vi.stubEnv('KONVERGE_TEST_BECOME', 'open-sesame'));
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const groups = '[one]\na\n[two]\nb\n[more]\nc\n';

describe('how a host is reached', () => {
  const entryOf = (line: string) => read(`[one]\nx ${line}\n[two]\n[more]\n`).definition.hosts['x'];

  it.each([
    ['', { address: 'x' }],
    ['ansible_host=10.0.0.1', { address: '10.0.0.1' }],
    [
      'ansible_ssh_host=10.0.0.1 ansible_ssh_port=23 ansible_ssh_user=u',
      { address: '10.0.0.1', ssh: { port: 23, user: 'u' } },
    ],
    ['ansible_host=gate ip=10.0.0.1', { address: '10.0.0.1', ssh: { host: 'gate' } }],
    ['ansible_ssh_private_key_file=~/.ssh/k', { address: 'x', ssh: { identity: '~/.ssh/k' } }],
    ['ansible_become=yes', { address: 'x', become: { method: 'sudo' } }],
    ['ansible_become=False', { address: 'x', become: { method: 'none' } }],
    ['ansible_become_method=sudo ansible_become_user=root', { address: 'x' }],
    ['ansible_connection=local', { address: 'x', local: true }],
    ['ansible_connection=ssh', { address: 'x' }],
    [`ansible_ssh_common_args='-J u@gate:2222'`, { address: 'x', ssh: { jump: 'u@gate:2222' } }],
    ['ansible_host_key_checking=false', { address: 'x', ssh: { hostKeys: 'accept-new' } }],
  ])('%s', (line, entry) => {
    expect(entryOf(line)).toEqual(entry);
  });

  it.each(['ansible_password', 'ansible_ssh_pass', 'ansible_become_pass', 'ansible_become_password'])(
    '%s is a secret from the first',
    (name) => {
      const entry = entryOf(`${name}='a "b" c'`);
      const hidden = name.includes('become') ? entry?.become?.password : entry?.ssh?.password;
      expect(isSecret<string>(hidden) && reveal(hidden)).toBe('a "b" c');
      expect(JSON.stringify(entry)).not.toContain('"b"');
    },
  );

  it.each([
    ['ansible_connection=winrm', "ansible_connection: 'winrm' is not understood here"],
    ['ansible_become_method=su', "ansible_become_method: 'su' is no way to become root here"],
    ['ansible_become_user=app', "ansible_become_user: 'app': every role works as root"],
    ['ansible_port=ssh', "ansible_port: 'ssh' is no port"],
    [`ansible_user='{{ me }}'`, 'ansible_user: holds an expression of Jinja'],
    [`ansible_ssh_common_args='-o ProxyCommand="nc %h %p"'`, `'-o ProxyCommand=nc %h %p' is not understood here`],
  ])('%s would change the meaning, and is refused', (line, problem) => {
    expect(problemOf(`[one]\nx ${line}\n[two]\n[more]\n`)).toMatch(/^inventory:2:1 /);
    expect(problemOf(`[one]\nx ${line}\n[two]\n[more]\n`)).toContain(problem);
  });

  it.each([
    ['-o ProxyJump=a,b', { jump: 'a,b' }, [], []],
    ['-oProxyJump=a', { jump: 'a' }, [], []],
    ['-J a -p 23 -l me -i key', { jump: 'a', port: 23, user: 'me', identity: 'key' }, [], []],
    [`-o ProxyCommand='ssh -q -W %h:%p -p 23 -l me gate'`, { jump: 'me@gate:23' }, [], []],
    [`-o ProxyCommand='ssh gate nc %h %p'`, {}, [], ['-o ProxyCommand=ssh gate nc %h %p']],
    [
      '-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null',
      { hostKeys: 'accept-new', knownHosts: '/dev/null' },
      [],
      [],
    ],
    ['-C -o ControlMaster=auto -o ConnectTimeout=5', {}, ['-C', '-o ControlMaster=auto', '-o ConnectTimeout=5'], []],
    ['-o HostKeyAlias=x -F other', {}, [], ['-o HostKeyAlias=x', '-F other']],
    ['-o "open', {}, [], ['-o "open']],
  ])('%s', (text, ssh, ignored, refused) => {
    expect(readSshArgs(text)).toEqual({ ssh, ignored, refused });
  });
});

describe('vars', () => {
  const loaded = (text: string, files: Readonly<Record<string, string>> = {}) => {
    const { folder, definition } = read(text, files);
    const own = groupVars('.', schema);
    return loadInventory({ ...definition, vars: own }, { file: join(folder, 'own', 'hosts.ts'), cwd: folder });
  };
  const levels = '[one:vars]\nlevel=group\n[all:vars]\nlevel=all\n';

  it('win by the precedence that Ansible has, maps replace each other, and each has its place', async () => {
    const files = {
      '/own/all.yaml': 'level: ours\nmap: { z: 1 }\n',
      'all.yml': 'level: file of all\nmap: { x: 1, y: 1 }\n',
      'one.yml': 'level: file of one\nmap: { x: 2 }\n',
    };
    const inventory = await loaded(`${groups}${levels}`, files);
    expect(inventory.hosts.map((host) => host.vars)).toEqual([
      { level: 'file of one', map: { z: 1, x: 2 } },
      { level: 'file of all', map: { z: 1, x: 1, y: 1 } },
      { level: 'file of all', map: { z: 1, x: 1, y: 1 } },
    ]);
    expect(inventory.showVars('a')?.map(({ path, origin }) => `${path} ${origin}`)).toEqual([
      'level group_vars/one.yml:1:1',
      'map.z own/all.yaml:2:8',
      'map.x group_vars/one.yml:2:8',
    ]);
  });

  it('of the host win over those of groups, host_vars over all', async () => {
    const text = `${groups.replace('a\n', 'a level=inline\n').replace('c\n', 'c level=inline\n')}${levels}`;
    const inventory = await loaded(text, {
      '/own/all.yaml': '',
      '/host_vars/c.yaml': 'level: file of c\n',
      'one.yml': 'level: file\n',
    });
    expect(inventory.hosts.map((host) => host.vars.level)).toEqual(['inline', 'all', 'file of c']);
  });

  it('that the schema finds wrong are told with their place', async () => {
    const text = `${groups}[one:vars]\nlevel=1.30\n`;
    expect(await failureOf(loaded(text, { '/own/all.yaml': '' }))).toContain(
      'inventory:8:1  level: is a number where text is wanted (a)',
    );
  });

  it('that nobody here knows are named once, and expressions in them do not matter', async () => {
    const text = `${groups}[all:vars]\nansible_python_interpreter=x\nfoo={{ bar }}\n[two:vars]\nansible_shell_type=sh\n`;
    const inventory = await loaded(text, {
      '/own/all.yaml': '',
      'all.yml': 'kube_x: 1\nkube_y: !vault |\n  $ANSIBLE_VAULT\n',
    });
    expect(inventory.notes).toEqual([
      '  group_vars/all.yml:1:1  no vars of konverge, ignored: kube_x, kube_y',
      '  inventory:8:1  ansible_python_interpreter: has no meaning here, ignored',
      '  inventory:9:1  no vars of konverge, ignored: foo',
      '  inventory:11:1  ansible_shell_type: has no meaning here, ignored',
    ]);
  });

  it.each([
    ['level: "{{ x }}"\n', 'group_vars/all.yml:1:1  level: holds an expression of Jinja'],
    ['map:\n  x: !vault |\n    $ANSIBLE_VAULT\n', 'group_vars/all.yml:2:3  map: is encrypted by ansible-vault'],
    ['$ANSIBLE_VAULT;1.1;AES256\n6162\n', 'group_vars/all.yml:1  is encrypted by ansible-vault'],
    ['a: b: c\n', 'group_vars/all.yml:1'],
  ])('%j is refused', (file, problem) => {
    expect(problemOf(groups, { 'all.yml': file })).toContain(problem);
  });
});

describe('groups', () => {
  const recognise = (text: string, name = 'inventory', optional: readonly string[] = []) => {
    const folder = folderWith({ [`/${name}`]: text });
    vi.spyOn(process, 'cwd').mockReturnValue(folder);
    return recogniseAnsible(join(folder, name), { groups: { controlPlane: [], workers: [] }, vars }, optional);
  };

  it.each([
    ['[kube_control_plane]\na\n[kube_node]\nb\n'],
    ['[kube-master]\na\n[kube-node]\nb\n'],
    ['[control_plane]\na\n[workers]\nb\n'],
    ['[controlPlane]\na\n[Workers]\nb\n'],
  ])('%j are recognised', (text) => {
    expect(recognise(text).groups).toMatchObject({ controlPlane: ['a'], workers: ['b'] });
  });

  it('others are named, with the file to write', () => {
    const error = (() => {
      try {
        return recognise('[masters]\na\n[kube_node]\nb\n[etcd]\na\n');
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toMatchObject({
      code: 'BadInput',
      message: 'inventory: none of its groups is known as controlPlane; it has masters, kube_node, etcd',
      details: { mend: expect.stringContaining("groups: { controlPlane: 'ITS_NAME', workers: 'kube_node' }") },
    });
  });

  it('a group that the playbook can do without brings its hosts when it is there, and is not missed when not', () => {
    const planes = '[kube_control_plane]\na\n[kube_node]\nb\n';
    const found = recognise(`${planes}[etcd]\ne\n`, 'inventory', ['etcd']);
    expect(found.groups).toMatchObject({ etcd: ['e'] });
    expect(Object.keys(found.hosts)).toEqual(['a', 'b', 'e']);
    expect(recognise(planes, 'inventory', ['etcd']).groups).not.toHaveProperty('etcd');
    expect(Object.keys(recognise(`${planes}[etcd]\ne\n`).hosts)).toEqual(['a', 'b']);
  });

  it('a name that the operator got wrong', () => {
    const folder = folderWith({ '/inventory': groups });
    expect(() => fromAnsible(join(folder, 'inventory'), { groups: { one: 'onne' }, vars })).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ mend: "did you mean 'one'?" }) }),
    );
  });

  it('hosts come in the order of the groups; who is in none is left out; other groups stay for --limit', () => {
    const { definition } = read(`[all]\nspare\nb\n${groups}[rack-1]\nc\nspare\n[odd.name]\na\n[lost]\nspare\n`);
    expect(Object.keys(definition.hosts)).toEqual(['a', 'b', 'c']);
    expect(definition.groups).toEqual({ one: ['a'], two: ['b', 'c'], more: ['c'], 'rack-1': ['c'] });
    expect(definition.source?.notes.map(({ message }) => message)).toEqual(['in none of one, two, left out: spare']);
  });
});

describe('files that are no inventory', () => {
  it.each([
    ['hosts.toml', '', 'in TOML are not understood', 'ansible-inventory'],
    ['script', '#!/bin/sh\n', 'is a program, which is not run here', 'ansible-inventory'],
    ['hosts', '$ANSIBLE_VAULT;1.1\n', 'is encrypted', 'decrypt'],
    ['aws.yml', 'plugin: aws_ec2\n', 'inventory plugin', 'ansible-inventory'],
  ])('%s', (name, text, message, mend) => {
    const folder = folderWith({ [`/${name}`]: text });
    const attempt = () => fromAnsible(join(folder, name), { groups: {}, vars });
    expect(attempt).toThrow(expect.objectContaining({ code: 'BadInput', message: expect.stringContaining(message) }));
    expect(attempt).toThrow(
      expect.toSatisfy((error: Error) =>
        JSON.stringify([error.message, 'details' in error && error.details]).includes(mend),
      ),
    );
  });

  it('a folder, and nothing', () => {
    expect(() => fromAnsible(root, { groups: {}, vars })).toThrow(/is a folder/);
    expect(() => fromAnsible(join(root, 'nowhere.ini'), { groups: {}, vars })).toThrow(/cannot be read/);
  });
});

it('our own group_vars beside an Ansible inventory are read once, by their own rules', async () => {
  const folder = folderWith({ 'all.yaml': 'level: all\n', 'one.yaml': 'level: one\n', '/inventory': groups });
  const definition = fromAnsible(join(folder, 'inventory'), {
    groups: { one: 'one', two: ['two', 'more'] },
    vars: groupVars('group_vars', schema),
  });
  const inventory = await loadInventory(definition, { file: join(folder, 'hosts.ts'), cwd: folder });
  expect(inventory.hosts.map((host) => host.vars.level)).toEqual(['one', 'all', 'all']);
  expect(inventory.notes).toEqual([]);
});
