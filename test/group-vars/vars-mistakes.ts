import { parseOverrides } from '../../lib/inventory/overrides.ts';
import { end, type Mistake, plus, vars } from './mistake.ts';

export const varsMistakes: readonly Mistake[] = [
  [
    'Calico from a branch',
    vars("'3.28.0'", 'master'),
    "group_vars/all.yaml:13:3  versions.calico: 'master' is no released version",
    "mend: write all three numbers, such as '3.28.0'",
  ],
  [
    'a version with a v',
    vars("'1.29.6'", 'v1.29.6'),
    "group_vars/all.yaml:8:3  versions.kubernetes: 'v1.29.6' begins with v",
    "mend: write '1.29.6'",
  ],
  [
    'a version without quotes',
    vars("'1.29.6'", '1.30'),
    'group_vars/all.yaml:8:3  versions.kubernetes: is a number where text is wanted',
    "mend: write it in quotes: '1.30'",
  ],
  [
    'a version nobody has a checksum of',
    vars('1.6.33', '1.6.34'),
    'group_vars/all.yaml:9:3  versions.containerd: no sha256 is known for containerd-1.6.34',
    'mend: write under checksums: containerd-1.6.34: { amd64: …, arm64: … }',
  ],
  [
    'a manifest nobody has a checksum of',
    vars("'3.28.0'", "'3.28.1'"),
    'group_vars/all.yaml:13:3  versions.calico: no sha256 is known for calico-typha-3.28.1',
    'mend: write under checksums: calico-typha-3.28.1: …',
  ],
  [
    'buildkit without checksums',
    plus('buildkit: { enabled: true }\n'),
    'group_vars/all.yaml:7:1  versions.buildkit: no sha256 is known for buildkit-0.12.5',
  ],
  [
    'one checksum for two architectures',
    plus(`checksums: { runc-1.1.12: ${'a'.repeat(64)} }\n`),
    `group_vars/all.yaml:${end}:14  checksums.runc-1.1.12: is another file on each architecture`,
  ],
  [
    'two checksums for one manifest',
    plus(`checksums:\n  calico-typha-3.28.0: { amd64: ${'a'.repeat(64)} }\n`),
    `group_vars/all.yaml:${end + 1}:3  checksums.calico-typha-3.28.0: is one file for all architectures`,
  ],
  [
    'a checksum of nothing',
    plus('checksums: { runc-1.1.12: {} }\n'),
    `group_vars/all.yaml:${end}:14  checksums.runc-1.1.12: names no architecture`,
  ],
  [
    'a checksum that is none',
    plus('checksums: { runc-1.1.12: { amd64: abc } }\n'),
    `group_vars/all.yaml:${end}:29  checksums.runc-1.1.12.amd64: is no sha256: 64 hexadecimal digits in lower case`,
  ],
  [
    'Kubernetes with an unknown pause image',
    vars("'1.29.6'", "'1.99.0'"),
    'group_vars/all.yaml:8:3  versions.kubernetes: the pause image of 1.99.0 is not known here',
  ],
  [
    'more Typhas than hosts',
    vars('typhaReplicas: 3', 'typhaReplicas: 6'),
    'group_vars/all.yaml:20:3  calico.typhaReplicas: 6 replicas need a host each, as they listen on port 5473 of it, and there are 5',
  ],
  [
    'a mode that Calico does not know',
    vars('typhaReplicas: 3', 'mode: CrossSubne'),
    "group_vars/all.yaml:20:3  calico.mode: 'CrossSubne' is not one of Always, CrossSubnet, Never",
    "mend: did you mean 'CrossSubnet'?",
  ],
  [
    'a sysctl with a full stop of another alphabet',
    vars('net.ipv4.ip_forward: 1', 'fs.inotify.max_user_watches: 524288   。'),
    "group_vars/all.yaml:16:3  sysctl.fs.inotify.max_user_watches: '524288   。' holds '。'",
    'mend: write a number, or words of plain ASCII',
  ],
  [
    'a sysctl given twice',
    vars('net.ipv4.ip_forward: 1', 'vm.swappiness: 0\n  vm.swappiness: 1'),
    'group_vars/all.yaml:17:3  sysctl.vm.swappiness: is given twice, first at group_vars/all.yaml:16:3; one of the two would be lost silently',
    'mend: keep the one you mean',
  ],
  [
    'a sysctl that is no number',
    vars('net.ipv4.ip_forward: 1', 'net.ipv4.ip_forward: true'),
    'group_vars/all.yaml:16:3  sysctl.net.ipv4.ip_forward: is true or false where a number is wanted; or is true or false where text is wanted',
  ],
  [
    'a sysctl without a value',
    vars('net.ipv4.ip_forward: 1', 'net.ipv4.ip_forward: " "'),
    "group_vars/all.yaml:16:3  sysctl.net.ipv4.ip_forward: ' ' is empty or has blanks around it",
  ],
  [
    'a sysctl with a key that is none',
    vars('net.ipv4.ip_forward: 1', 'net ipv4: 1'),
    'group_vars/all.yaml:16:3  sysctl.net ipv4: is not a key such as net.ipv4.ip_forward',
  ],
  [
    'routing switched off',
    vars('net.ipv4.ip_forward: 1', 'net.ipv4.ip_forward: 0'),
    'group_vars/all.yaml:16:3  sysctl.net.ipv4.ip_forward: pods reach nothing unless it is 1',
    'mend: write 1',
  ],
  [
    'local ports that are NodePorts',
    vars('net.ipv4.ip_forward: 1', 'net.ipv4.ip_local_port_range: 15000 65000'),
    'group_vars/all.yaml:16:3  sysctl.net.ipv4.ip_local_port_range: 15000–65000 holds the NodePorts 30000–32767',
  ],
  [
    'an API server that haproxy cannot ask',
    plus("kubeadm: { apiServerExtraArgs: { anonymous-auth: 'false' } }\n"),
    `group_vars/all.yaml:${end}:34  kubeadm.apiServerExtraArgs.anonymous-auth: haproxy asks /readyz without a name: it would take every API server for down`,
  ],
  [
    'two who say how many connections are tracked',
    {
      files: {
        'control-plane.yaml':
          'sysctl: { net.netfilter.nf_conntrack_max: 1 }\nkubeadm: { kubeProxy: { conntrack: { maxPerCore: 9 } } }\n',
      },
    },
    'group_vars/control-plane.yaml:1:11  sysctl.net.netfilter.nf_conntrack_max: kube-proxy would set another one: kubeadm.kubeProxy.conntrack.maxPerCore (mn01, mn02, mn03)',
    'mend: leave one of the two out',
  ],
  [
    'a cluster in two minds',
    { files: { 'workers.yaml': 'cluster:\n  dnsDomain: other.local\n' } },
    'group_vars/workers.yaml:2:3  cluster.dnsDomain: differs from the one of mn01, but a cluster has only one (wn01, wn02)',
    'mend: set it in all.yaml alone',
  ],
  [
    'a misspelt var',
    vars('podSubnet', 'podSubnets'),
    'group_vars/all.yaml:3:3  cluster.podSubnets: no such var',
    "mend: did you mean 'podSubnet'?",
  ],
  [
    'a var in the wrong place',
    plus('maxConnections: 5000\n'),
    `group_vars/all.yaml:${end}:1  maxConnections: no such var`,
    'mend: there is haproxy.maxConnections',
  ],
  [
    'a mirror that is misspelt',
    plus('mirror: aliyum\n'),
    `group_vars/all.yaml:${end}:1  mirror: 'aliyum' is not one of upstream, aliyun; or is text where a map is wanted`,
    "mend: did you mean 'aliyun'?",
  ],
  [
    'a mirror that is not whole',
    plus(
      'mirror:\n  kubernetesPackages: http://m/k8s\n  imageRepository: m/k8s\n  calicoImages: m/calico\n  calicoManifests: http://m\n',
    ),
    `group_vars/all.yaml:${end}:1  mirror.releases: is missing`,
  ],
  [
    'an image repository with a scheme',
    plus(
      'mirror:\n  kubernetesPackages: http://m/k8s\n  imageRepository: http://m/k8s\n  calicoImages: m/calico\n  releases: http://m\n  calicoManifests: http://m\n',
    ),
    `group_vars/all.yaml:${end + 2}:3  mirror.imageRepository: 'http://m/k8s' is no image repository`,
  ],
  [
    'a mirror without a scheme',
    plus('containerd:\n  registries:\n    docker.io: { mirrors: [mirror.example] }\n'),
    `group_vars/all.yaml:${end + 2}:28  containerd.registries.docker.io.mirrors.0: 'mirror.example' is no http(s) URL`,
  ],
  [
    'no time server',
    vars('{ pools: [ntp.aliyun.com] }', '{ allow: [192.168.10.0/24] }'),
    'group_vars/all.yaml:14:1  chrony: names no time server',
    'mend: give servers or pools: clocks that drift apart break tokens and certificates',
  ],
  [
    'a time server that is none',
    vars('[ntp.aliyun.com]', '[ntp_aliyun_com]'),
    "group_vars/all.yaml:14:19  chrony.pools.0: 'ntp_aliyun_com' is neither an IPv4 address nor a DNS name",
  ],
  [
    'a time zone that is none',
    plus('timezone: Asia/Shangai\n'),
    `group_vars/all.yaml:${end}:1  timezone: 'Asia/Shangai' is no time zone`,
    'mend: see: timedatectl list-timezones',
  ],
  [
    'a DNS name in capitals',
    vars('  endpoint:', '  dnsDomain: Cluster.Local\n  endpoint:'),
    "group_vars/all.yaml:5:3  cluster.dnsDomain: 'Cluster.Local' is no DNS name",
  ],
  [
    'all preflight errors ignored',
    plus('kubeadm: { ignorePreflightErrors: [All] }\n'),
    `group_vars/all.yaml:${end}:12  kubeadm.ignorePreflightErrors: 'all' would hide what breaks the cluster later`,
  ],
  [
    'yes for true',
    plus('nerdctl:\n  enabled: yes\n'),
    `group_vars/all.yaml:${end + 1}:3  nerdctl.enabled: is text where true or false is wanted`,
    'mend: write true',
  ],
  [
    'a number in quotes',
    vars('weight: -60', "weight: '-60'"),
    'group_vars/all.yaml:18:3  keepalived.weight: is text where a number is wanted',
    'mend: write it without quotes: -60',
  ],
  [
    'a group file nobody has',
    { files: { 'worker.yaml': 'firewall: rules\n' } },
    'group_vars/worker.yaml  belongs to no group, so its vars would reach no host',
    "mend: did you mean 'workers'? files of this inventory's groups: all.yaml, control-plane.yaml, workers.yaml",
  ],
  [
    'a wrong value on the command line',
    { overrides: await parseOverrides(['firewall=rulez']) },
    "-e firewall  firewall: 'rulez' is not one of off, rules",
    "mend: did you mean 'rules'?",
  ],
];
