#!/usr/bin/env -S node --import tsx
import { showFacts } from 'konverge';

// What is known of the hosts: npx tsx playbooks/facts.ts --limit k8s-mn01
await showFacts(import.meta, { optional: ['etcd'] });
