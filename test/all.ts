import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

// Everything: house rules, rings a to d, then the lab. Each house rule counts as one test; vitest's own are counted by it.

const results = mkdtempSync(join(tmpdir(), 'konverge-test-'));
const counts = z.object({ numPassedTests: z.number(), numFailedTests: z.number(), numFailedTestSuites: z.number() });

let passed = 0;
let failed = 0;

function run(title: string, command: string, args: readonly string[]): boolean {
  process.stdout.write(`\n── ${title}\n`);
  return spawnSync(command, args, { stdio: 'inherit' }).status === 0;
}

function rule(title: string, script: string): void {
  if (run(title, 'npm', ['run', '--silent', script])) passed += 1;
  else failed += 1;
}

function ring(title: string, config: string, ...more: readonly string[]): void {
  const file = join(results, `${config}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const ok = run(title, 'npx', ['vitest', 'run', '--config', config, ...reporters, ...more]);
  const report = counts.parse(JSON.parse(readFileSync(file, 'utf8')));
  passed += report.numPassedTests;
  failed += report.numFailedTests;
  // A suite that does not load, or a coverage threshold that is missed, fails no test of its own.
  if (!ok && report.numFailedTests === 0) failed += Math.max(1, report.numFailedTestSuites);
}

rule('format', 'format:check');
rule('lint', 'lint');
rule('types', 'types');
rule('cycles', 'cycles');
ring('rings a to d', 'vitest.config.ts', '--coverage');
ring('ring e: the lab', 'vitest.lab.config.ts');

process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
