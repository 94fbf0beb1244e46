import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

// Everything: house rules, rings a to d, the measurements, then the lab. Each house rule counts as one test; vitest's own are
// counted by it.

const results = mkdtempSync(join(tmpdir(), 'konverge-test-'));
const counts = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numFailedTestSuites: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

let passed = 0;
let failed = 0;
/** what went wrong, told again at the end: the output before it is thousands of lines */
const wrong: string[] = [];

function run(title: string, command: string, args: readonly string[]): boolean {
  process.stdout.write(`\n── ${title}\n`);
  return spawnSync(command, args, { stdio: 'inherit' }).status === 0;
}

function rule(title: string, script: string): void {
  if (run(title, 'npm', ['run', '--silent', script])) passed += 1;
  else {
    failed += 1;
    wrong.push(`${title}: npm run ${script}`);
  }
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
  if (!ok) wrong.push(`${title}:`, ...failures(report));
}

const failures = ({ testResults }: z.infer<typeof counts>): readonly string[] =>
  testResults
    .filter(({ status }) => status !== 'passed')
    .flatMap(({ name, message, assertionResults }) => [
      `  ${name} ${message}`.trimEnd(),
      ...assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => `    ${fullName}`),
    ]);

rule('format', 'format:check');
rule('lint', 'lint');
rule('types', 'types');
rule('cycles', 'cycles');
ring('rings a to d', 'vitest.config.ts', '--coverage');
ring('measurements', 'vitest.bench.config.ts');
ring('ring e: the lab', 'vitest.lab.config.ts');

if (wrong.length > 0) process.stdout.write(`\nfailed:\n${wrong.join('\n')}\n`);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
