export { apiServers, vipHolders } from './balancer.ts';
export { etcdClientFiles, hasMember, isOnlyEtcd, whereExternal } from './etcd.ts';
export { kubeadmSettings } from './kubeadm.ts';
export { controlPlaneEndpoint, minorOf, packageRepositories, pauseImage } from './kubernetes.ts';
export { mirrorOf } from './mirrors.ts';
export { type ClusterVars, clusterVars } from './schema.ts';
export { artifact, calicoManifest } from './sources.ts';
export { verifySettings } from './verify.ts';
