#!/usr/bin/env -S node --import tsx
import { main, play, playbook } from 'konverge';
import { buildkit } from 'konverge/roles/buildkit';
import { calico } from 'konverge/roles/calico';
import { chrony } from 'konverge/roles/chrony';
import { cniPlugins, pluginsOf } from 'konverge/roles/cni-plugins';
import { containerd } from 'konverge/roles/containerd';
import { crictl } from 'konverge/roles/crictl';
import { etcd } from 'konverge/roles/etcd';
import { etcdClient } from 'konverge/roles/etcd-client';
import { firewalld } from 'konverge/roles/firewalld';
import { haproxy } from 'konverge/roles/haproxy';
import { hostname } from 'konverge/roles/hostname';
import { keepalived } from 'konverge/roles/keepalived';
import { kubeImages } from 'konverge/roles/kube-images';
import { kubePackages } from 'konverge/roles/kube-packages';
import { kubeadmInit } from 'konverge/roles/kubeadm-init';
import { kubeadmJoin } from 'konverge/roles/kubeadm-join';
import { kubeconfig } from 'konverge/roles/kubeconfig';
import { nerdctl } from 'konverge/roles/nerdctl';
import { packageRepos } from 'konverge/roles/package-repos';
import { preflight } from 'konverge/roles/preflight';
import { runc } from 'konverge/roles/runc';
import { selinux } from 'konverge/roles/selinux';
import { swap } from 'konverge/roles/swap';
import { sysctl } from 'konverge/roles/sysctl';
import { verify } from 'konverge/roles/verify';
import {
  apiServers,
  artifact,
  calicoManifest,
  etcdClientFiles,
  hasMember,
  isOnlyEtcd,
  kubeadmSettings,
  mirrorOf,
  packageRepositories,
  pauseImage,
  verifySettings,
  vipHolders,
  whereExternal,
} from '../group_vars/index.ts';
import type { inventory } from '../hosts.ts';

/** From bare machines to a verified, highly available cluster; on a cluster that stands, nothing. */
export const site = playbook<typeof inventory, 'etcd'>(
  'site',
  ({ all, group }) => [
    play('Every host is fit for it', all, [
      preflight.for((host) => ({
        controlPlane: host.groups.includes('controlPlane'),
        node: !isOnlyEtcd(host),
        etcd: hasMember(host),
        podSubnet: host.vars.cluster.podSubnet,
        serviceSubnet: host.vars.cluster.serviceSubnet,
        vip: host.vars.cluster.endpoint.vip,
        loadBalancerPort: host.vars.cluster.endpoint.port,
        calico: host.vars.calico.enabled && !isOnlyEtcd(host) ? host.vars.calico.encapsulation : 'none',
        typha: host.vars.calico.enabled && host.vars.calico.variant === 'typha',
      })),
    ]),

    play('Every host is prepared', all, [
      hostname.for(
        ({
          vars: {
            cluster: { endpoint },
          },
        }) => (endpoint.name === undefined ? {} : { endpoint: { name: endpoint.name, vip: endpoint.vip } }),
      ),
      packageRepos.for(({ vars }) => mirrorOf(vars).packageMirror),
      firewalld.for((host) => ({
        mode: host.vars.firewall,
        controlPlane: host.groups.includes('controlPlane'),
        node: !isOnlyEtcd(host),
        etcd: hasMember(host),
        loadBalancerPort: host.vars.cluster.endpoint.port,
        podSubnet: host.vars.cluster.podSubnet,
        serviceSubnet: host.vars.cluster.serviceSubnet,
        calico: host.vars.calico.enabled ? host.vars.calico.encapsulation : 'none',
        typha: host.vars.calico.enabled && host.vars.calico.variant === 'typha',
        timeServer: host.vars.chrony.allow.length > 0,
      })),
      selinux.for(({ vars }) => ({ mode: vars.selinux })),
      swap({}),
      sysctl.for(({ vars }) => ({ modules: vars.kernelModules, settings: vars.sysctl })),
      chrony.for(({ vars }) => ({ ...vars.chrony, timezone: vars.timezone })),
    ]),

    // Nobody where etcd is stacked. One at a time, as it takes one new member at a time.
    play(
      'etcd runs by itself',
      whereExternal(group('etcd')),
      [
        etcd.for(({ vars }) => ({
          ...vars.etcd,
          version: vars.versions.etcd,
          source: artifact('etcd', vars),
          token: vars.cluster.name,
        })),
      ],
      { serial: 1 },
    ),
    play('API servers may speak to it', whereExternal(group('controlPlane')), [
      etcdClient.for(({ vars }) => ({ source: artifact('etcd', vars), ...etcdClientFiles })),
    ]),

    play('Every host runs containers', group('controlPlane', 'workers'), [
      runc.for(({ vars }) => ({ source: artifact('runc', vars) })),
      containerd.for(({ vars }) => ({
        ...vars.containerd,
        version: vars.versions.containerd,
        source: artifact('containerd', vars),
        sandboxImage: pauseImage(vars),
      })),
      crictl.for(({ vars }) => ({ source: artifact('crictl', vars) })),
      nerdctl.for(({ vars }) => ({
        ...vars.nerdctl,
        source: vars.nerdctl.enabled ? artifact('nerdctl', vars) : {},
      })),
      buildkit.for(({ vars }) => ({
        ...vars.buildkit,
        version: vars.versions.buildkit,
        source: vars.buildkit.enabled ? artifact('buildkit', vars) : {},
      })),
    ]),

    play('Every host has the programs and images of Kubernetes', group('controlPlane', 'workers'), [
      kubePackages.for(({ vars }) => ({ version: vars.versions.kubernetes, ...packageRepositories(vars) })),
      // After the packages: kubernetes-cni, which they require, puts its own files in the same place.
      cniPlugins.for(({ vars }) => ({ version: vars.versions.cniPlugins, source: artifact('cniPlugins', vars) })),
      kubeImages.for(({ vars }) => kubeadmSettings(vars, group('etcd'))),
    ]),

    play('The API server has one address', group('controlPlane'), [
      haproxy.for(({ vars }) => ({
        ...vars.haproxy,
        port: vars.cluster.endpoint.port,
        backends: apiServers(group('controlPlane')),
      })),
      keepalived.for(({ vars: { cluster, keepalived: settings } }) => ({
        vip: cluster.endpoint.vip,
        members: vipHolders(group('controlPlane')),
        interface: settings.interface,
        virtualRouterId: settings.virtualRouterId,
        weight: settings.weight,
        authPass: settings.authPass,
        interval: settings.interval,
        fall: settings.fall,
        rise: settings.rise,
        unicast: settings.unicast,
      })),
    ]),

    // One at a time: etcd takes one new member at a time, and each must vote before the next comes.
    play(
      'The cluster exists',
      group('controlPlane'),
      [kubeadmInit.for(({ vars }) => kubeadmSettings(vars, group('etcd')))],
      {
        serial: 1,
      },
    ),
    play(
      'Every control plane is in it',
      group('controlPlane'),
      [kubeadmJoin.for(({ vars }) => kubeadmSettings(vars, group('etcd')))],
      {
        serial: 1,
      },
    ),
    play('Every worker is in it', group('workers'), [
      kubeadmJoin.for(({ vars }) => kubeadmSettings(vars, group('etcd'))),
    ]),

    play('Pods have a network', group('controlPlane'), [
      kubeconfig.for(({ vars }) => vars.kubeconfig),
      calico.for(({ vars }) => ({
        version: vars.versions.calico,
        source: calicoManifest(vars),
        imageRegistry: mirrorOf(vars).calicoImages,
        podSubnet: vars.cluster.podSubnet,
        kubernetesVersion: vars.versions.kubernetes,
        encapsulation: vars.calico.encapsulation,
        mode: vars.calico.mode,
        typhaReplicas: vars.calico.typhaReplicas,
        mtu: vars.calico.mtu,
        autodetection: vars.calico.autodetection,
        hostPlugins: [...pluginsOf(vars.versions.cniPlugins)],
      })),
    ]),

    play('It is what it should be', group('controlPlane', 'workers'), [
      verify.for(({ vars }) => verifySettings(vars, group('etcd'))),
    ]),
  ],
  { optional: ['etcd'] },
);

await main(import.meta, site);
