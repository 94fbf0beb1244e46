import { expect, test } from 'vitest';
import { kubeletFreed } from '../../../roles/etcd/index.ts';
import { converge, shells } from '../../resources/harness.ts';
import { sandbox } from '../../resources/sandbox.ts';

test.each(shells)('a drop-in that keeps the kubelet to itself goes, by %s', async (shell) => {
  const host = await sandbox();
  await host.standIn('systemctl', 'echo "$*" >>"$MEMORY/log"');
  expect(await converge(shell, kubeletFreed, host.surroundings)).toEqual([]);
  await host.put('/etc/systemd/system/kubelet.service.d/20-etcd-service-manager.conf', '[Service]\nExecStart=\n');
  expect(await converge(shell, kubeletFreed, host.surroundings)).toEqual([
    {
      path: '/etc/systemd/system/kubelet.service.d/20-etcd-service-manager.conf',
      from: expect.stringContaining('never registers its Node'),
    },
  ]);
  expect(await converge(shell, kubeletFreed, host.surroundings)).toEqual([]);
});
