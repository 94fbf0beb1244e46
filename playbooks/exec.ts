import { execOnHosts } from '../lib/index.ts';

// One command on many hosts: npx tsx playbooks/exec.ts --limit workers -- uptime
await execOnHosts(import.meta, { optional: ['etcd'] });
