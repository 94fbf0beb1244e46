#!/usr/bin/env -S node --import tsx
import { execOnHosts } from 'konverge';

// One command on many hosts: npx tsx playbooks/exec.ts --limit workers -- uptime
await execOnHosts(import.meta, { optional: ['etcd'] });
