/** What kubeadm-init, kubeadm-join and the roles after them share. No role of its own. */
export { caCertHash } from './ca-hash.ts';
export { type ClusterWitness, clusterWitness } from './cluster-witness.ts';
export { initConfig, joinConfig } from './config.ts';
export type { Machine } from './config-input.ts';
export {
  apiOf,
  controlPlanesOf,
  healthyControlPlane,
  ifReachable,
  initCandidate,
  isHealthy,
  reachOf,
  roleOf,
  viaOf,
  type Whereabouts,
  witnessOf,
} from './control-planes.ts';
export { type Decision, decide, type JoinStep, memberOf, type Witnesses } from './decide.ts';
export { type EndpointState, endpointOpen, endpointReady, endpointState } from './endpoint.ts';
export { type EtcdMember, nameOf, parseBigJson, parseMembers, peerUrlOf, quorumOf, removal } from './etcd-members.ts';
export { clientEtcdctl, etcdctlPath, podEtcdctl } from './etcdctl.ts';
export { nodeForgotten, statusForgotten } from './forget.ts';
export { apiReady, etcdSettled, nodeNotReady, nodeRegistered } from './gates.ts';
export { fileState, type HostRole, type HostWitness, hostWitness, onlyAuthority } from './host-witness.ts';
export { type ApiServer, defineKubectl } from './kubectl.ts';
export { memberPromoted, memberRemoved } from './member-changes.ts';
export { type NodeView, nodesTemplate, parseNode } from './node-view.ts';
export { adminConf, caFile, etcdManifest, initMark, kubeletConf, ownFolder } from './paths.ts';
export { planned } from './planned.ts';
export { resetHost } from './reset.ts';
export {
  type ClusterSettings,
  clusterShape,
  type ExternalEtcd,
  endpointOf,
  externalEtcdSchema,
  memberDataOf,
  type Taint,
  type Topology,
  topologyOf,
} from './settings.ts';
export { atLeast, versionPattern } from './version.ts';
