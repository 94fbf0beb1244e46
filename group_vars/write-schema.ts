import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonSchemaOf } from 'konverge';
import { clusterVars } from './schema.ts';

// node --import tsx group_vars/write-schema.ts: schema.json, from which editors complete and check the YAML files.
writeFileSync(join(import.meta.dirname, 'schema.json'), `${JSON.stringify(jsonSchemaOf(clusterVars), undefined, 2)}\n`);
