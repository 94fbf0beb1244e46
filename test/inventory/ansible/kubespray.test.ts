import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { inventory as own } from '../../../hosts.ts';
import { execCommand } from '../../../lib/adhoc/exec.ts';
import { recogniseAnsible } from '../../../lib/inventory/ansible/from-ansible.ts';
import { commandOf } from '../../../lib/run/main.ts';
import { isSecret } from '../../../lib/secret.ts';
import { site as book } from '../../../playbooks/site.ts';
import { here, run } from '../../adhoc/loopback.ts';
import { root } from '../../house/imports.ts';
import { installIn } from '../../installed.ts';

// A realistic Kubespray inventory of five hosts, as a whole. Nothing is contacted.

const file = 'test/fixtures/kubespray/inventory.ini';
const env = { KONVERGE_TEST_BECOME: 'open-sesame' };
const folder = mkdtempSync(join(tmpdir(), 'konverge-kubespray-'));
installIn(folder);
afterAll(() => rmSync(folder, { recursive: true }));

/** site.ts in this process. */
const site = (...args: readonly string[]) => here(commandOf(book), args, 'site.ts');

it('says of each host how it is reached', () => {
  vi.stubEnv('KONVERGE_TEST_BECOME', env.KONVERGE_TEST_BECOME);
  const { hosts } = recogniseAnsible(join(root, file), own);
  const shared = { user: 'ops', jump: 'jump@203.0.113.1' };
  expect(hosts['node1']).toEqual({
    address: '192.168.10.11',
    ssh: { ...shared, host: '203.0.113.11' },
    become: { method: 'sudo' },
  });
  expect(hosts['node4']).toMatchObject({
    address: '192.168.10.14',
    ssh: { ...shared, port: 2222, host: '203.0.113.14' },
  });
  expect(isSecret(hosts['node4']?.become?.password)).toBe(true);
  expect(hosts['node5']?.ssh?.host).toBe('node5.example.internal');
});

it('is what --inventory reads: hosts in the order of their groups, and a word on all that is left out', async () => {
  const { code, stdout, stderr } = await run(
    'site.ts',
    ['-i', file, '--list-hosts', '--limit', 'rack1:kube_control_plane'],
    env,
  );
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'node2\nnode1\nnode3\nnode4\n' });
  const dir = 'test/fixtures/kubespray';
  expect(
    stderr
      .trimEnd()
      .split('\n')
      .map((line) => line.trim()),
  ).toEqual([
    `${dir}/group_vars/all/all.yml:4:1  ansible_python_interpreter: has no meaning here, ignored`,
    `${dir}/group_vars/all/all.yml:5:1  no vars of konverge, ignored: bin_dir, loadbalancer_apiserver_port, no_proxy`,
    `${dir}/group_vars/k8s_cluster/k8s-cluster.yml:2:1  no vars of konverge, ignored: cluster_name, kube_encrypt_token, kube_pods_subnet, kube_service_addresses, kube_version`,
    `${file}  etcd runs on every control plane (node2, node1, node3); the group etcd counts only with cluster.etcd: external`,
    `${file}:3:1  no vars of konverge, ignored: etcd_member_name`,
    `${file}:5:1  control planes and workers at once, taken as control planes, which run pods only with kubeadm.taintControlPlanes: false: node3`,
    `${file}:7:1  in none of controlPlane, workers, etcd, left out: bastion`,
    `${file}:37:1  ansible_ssh_common_args: not needed, ignored: -o ControlPersist=60s`,
  ]);
}, 60_000);

it('gives vars that the schema knows, under those of -e', async () => {
  const args = ['-i', file, '--show-vars', 'node5', '-e', 'sysctl."vm.max_map_count"=1'];
  vi.stubEnv('KONVERGE_TEST_BECOME', env.KONVERGE_TEST_BECOME);
  const { code, stdout } = await site(...args);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^selinux: "enforcing" +# test\/fixtures\/kubespray\/host_vars\/node5:3:1$/m);
  expect(stdout).toMatch(/^timezone: "Europe\/Berlin" +# .*all\.yml:8:1$/m);
  expect(stdout).toMatch(/^sysctl\.vm\.max_map_count: 1 +# -e /m);
  expect(stdout).toMatch(/^sysctl\.net\.ipv4\.ip_forward: 1 +# group_vars\/all\.yaml:/m);
}, 60_000);

it('with other names for its groups is read by the file that the error says to write', async () => {
  const text = '[masters]\nm1 ip=192.168.10.11\n[nodes]\nn1 ip=192.168.10.12\n';
  writeFileSync(join(folder, 'inventory.ini'), text);
  const refused = await site('-i', join(folder, 'inventory.ini'), '--list-hosts');
  expect(refused.code).toBe(3);
  const said = /instead:\n([^]*\}\);)/.exec(refused.stderr)?.[1] ?? '';
  const written = said
    .replace("'./hosts.ts'", `'${join(folder, 'own.ts')}'`)
    .replace("controlPlane: 'ITS_NAME', workers: 'ITS_NAME'", "controlPlane: 'masters', workers: 'nodes'");
  expect(written).not.toContain('ITS_NAME');
  copyFileSync(join(root, 'group_vars/all.yaml'), join(folder, 'all.yaml'));
  writeFileSync(
    join(folder, 'own.ts'),
    `import { clusterVars } from '${join(root, 'group_vars/schema.ts')}';
import { groupVars } from 'konverge';
export const inventory = { vars: groupVars('.', clusterVars) };\n`,
  );
  writeFileSync(join(folder, 'theirs.ts'), written);
  const { code, stdout } = await site('-i', join(folder, 'theirs.ts'), '--list-hosts');
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'm1\nn1\n' });
}, 60_000);

it('reaches a host with ansible_connection=local without SSH', async () => {
  const text = '[kube_control_plane]\nhere ip=192.168.10.11 ansible_connection=local\n[kube_node]\n';
  writeFileSync(join(folder, 'local.ini'), text);
  vi.stubEnv('SSH_CONNECTION', undefined);
  const args = [
    '-i',
    join(folder, 'local.ini'),
    '-e',
    'calico.typhaReplicas=1',
    '--',
    'pwd; echo "${SSH_CONNECTION:-no ssh}"',
  ];
  const { code, stdout } = await here(execCommand(['etcd']), args);
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'here | /\nhere | no ssh\n' });
}, 60_000);
