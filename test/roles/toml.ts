import { execFileSync } from 'node:child_process';

/** Parsed by Python's own parser (3.11 has one, as has Debian 12). @throws when it is no TOML */
export function toml(text: string): unknown {
  const program = 'import json, sys, tomllib; print(json.dumps(tomllib.load(sys.stdin.buffer)))';
  return JSON.parse(execFileSync('/usr/bin/python3', ['-c', program], { input: text, stdio: 'pipe' }).toString());
}
