import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { asKonvergeError } from '../errors.ts';
import { failureText, painter } from '../report/index.ts';
import { composedSecret } from '../secret.ts';
import { askSecret, hasTerminal } from '../secrets/index.ts';

/** The command of encrypted vars, when its file is the program. Sets the exit code. */
export async function secretsMain(meta: ImportMeta): Promise<void> {
  const file = fileURLToPath(meta.url);
  const program = process.argv[1];
  if (program === undefined || realpathSync(program) !== realpathSync(file)) return;
  try {
    // Everything else of this module is loaded by every playbook; this is not.
    const { runSecrets } = await import('../secrets/command/run.ts');
    const printed = await runSecrets(process.argv.slice(2), {
      root: rootAbove(file),
      env: process.env,
      program: `npx tsx ${relative(process.cwd(), file)}`,
      say: (line) => process.stderr.write(`${line}\n`),
      ask: hasTerminal() ? askSecret : undefined,
      input: async () => composedSecret(await text(process.stdin)),
    });
    process.stdout.write(printed);
  } catch (thrown) {
    const error = asKonvergeError(thrown);
    process.stderr.write(`${failureText(error, { paint: painter(process.stderr) })}\n`);
    process.exitCode = error.code === 'BadInput' ? 3 : error.code === 'Interrupted' ? 130 : 1;
  }
}

/** The nearest folder with a package.json; where there is none, the file's own. */
function rootAbove(file: string): string {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
  }
  return dirname(file);
}
