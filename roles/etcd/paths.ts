/** The account that etcd runs as. */
export const account = 'etcd';

/** Private keys and certificates of etcd itself. What an API server shows to it lies elsewhere: it mounts that folder. */
export const pkiFolder = '/etc/etcd/pki';
export const authorityFiles = { certFile: `${pkiFolder}/ca.crt`, keyFile: `${pkiFolder}/ca.key` };
/** shown to clients, to other members, and by etcdctl on the host itself */
export const memberFiles = { certFile: `${pkiFolder}/member.crt`, keyFile: `${pkiFolder}/member.key` };

/** How the member begins; etcd reads it only while it has no data. */
export const initialEnv = '/etc/etcd/initial.env';

/** There = what lies in the data folder is of this role's making. */
export const receipt = '/var/lib/konverge/etcd-member';
