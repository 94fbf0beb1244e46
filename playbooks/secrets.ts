import { secretsMain } from '../lib/index.ts';

// Makes identities and encrypts vars: --help says how.
await secretsMain(import.meta);
