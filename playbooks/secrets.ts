#!/usr/bin/env -S node --import tsx
import { secretsMain } from 'konverge';

// Makes identities and encrypts vars: --help says how.
await secretsMain(import.meta);
