import { spawn } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { asKonvergeError, badInput, interrupted } from '../../errors.ts';
import { composedSecret, reveal, type Secret } from '../../secret.ts';
import { encrypt, isAgeFile } from '../age.ts';
import { openerFor } from '../opener.ts';
import { inPrivateFolder } from '../private-folder.ts';
import { findRecipients } from '../recipients.ts';
import { parseVarsText } from '../vars-text.ts';
import { writeFileAtomically } from '../write-file.ts';
import { parseArguments } from './arguments.ts';
import type { SecretsContext } from './context.ts';

/** An encrypted file through the operator's editor. Afterwards it holds what was written, if that is YAML, else what it held. */
export async function edit(args: readonly string[], context: SecretsContext): Promise<string> {
  const example = `${context.program} edit group_vars/all.yaml.age`;
  const { files, recipients: given } = parseArguments(args, { flags: ['recipient'], files: 1, example });
  const [file] = files;
  if (file === undefined) throw badInput('which file?', { mend: `type for example ${example}` });
  const recipients = await findRecipients(given, context.root);
  const before = await decrypted(file, context);
  const after = await inPrivateFolder((folder, stopped) => {
    const draft = join(folder, basename(file).replace(/\.age$/, ''));
    writeFileSync(draft, reveal(before), { mode: 0o600, flag: 'wx' });
    return editUntilRight(draft, before, context, stopped);
  });
  if (after === undefined) return `${file}: nothing was changed\n`;
  writeFileAtomically(file, await encrypt(after, recipients), statSync(file).mode & 0o7777);
  return `${file}: changed and encrypted for ${recipients.length} ${recipients.length === 1 ? 'key' : 'keys'}\n`;
}

async function decrypted(file: string, { env, program }: SecretsContext): Promise<Secret<string>> {
  const bytes = readBytes(file, program);
  if (!isAgeFile(bytes)) {
    throw badInput(`${file} is not encrypted as a whole`, {
      mend: `edit it as it is; one value of it: ${program} encrypt --in ${file} --key a.b`,
    });
  }
  const opened = await openerFor(env)(bytes, 'file');
  if (opened.text !== undefined) return opened.text;
  throw badInput(`${file} ${opened.problem}`, { mend: opened.mend });
}

function readBytes(file: string, program: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw badInput(`${file} cannot be read`, {
      cause: error,
      mend: `a new one: ${program} encrypt group_vars/web.yaml`,
    });
  }
}

/** undefined = as it was. @throws BadInput when it is no YAML and nobody wants to go on */
async function editUntilRight(
  draft: string,
  before: Secret<string>,
  context: SecretsContext,
  stopped: AbortSignal,
): Promise<Secret<string> | undefined> {
  for (;;) {
    await openEditor(draft, context, stopped);
    const after = readFileSync(draft, 'utf8');
    if (after === reveal(before)) return undefined;
    try {
      parseVarsText(after, basename(draft));
      return composedSecret(after);
    } catch (thrown) {
      const { message } = asKonvergeError(thrown);
      if (context.ask === undefined) throw badInput(`${message}; nothing was changed`);
      context.say(message);
      const answer = reveal(await context.ask('Edit again? (Enter = yes, n = give up, nothing is changed) '));
      if (/^n/i.test(answer)) throw badInput(`${basename(draft)} was no YAML; nothing was changed`);
    }
  }
}

/** @throws BadInput when there is no such editor or it failed; Interrupted on a signal */
function openEditor(draft: string, { env }: SecretsContext, stopped: AbortSignal): Promise<void> {
  const editor = env['VISUAL'] || env['EDITOR'] || 'vi';
  // The editor may come with options (`code --wait`): the shell splits its words, as git and sudoedit do.
  const program = spawn('sh', ['-c', '$EDITOR "$1"', 'sh', draft], {
    stdio: 'inherit',
    env: { ...env, EDITOR: editor },
  });
  stopped.addEventListener('abort', () => program.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    program.on('error', (cause) => reject(badInput('sh cannot be started', { cause })));
    program.on('exit', (code) => {
      if (stopped.aborted) reject(interrupted('stopped on request; nothing was changed', { touched: false }));
      else if (code === 0) resolve();
      else {
        const mend = 'export EDITOR=… with an editor that waits, as vi, nano or `code --wait`';
        reject(badInput(`the editor '${editor}' failed (exit ${code}); nothing was changed`, { mend }));
      }
    });
  });
}
