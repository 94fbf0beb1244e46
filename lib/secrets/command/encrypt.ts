import { existsSync, readFileSync, statSync } from 'node:fs';
import { badInput } from '../../errors.ts';
import { composedSecret, reveal, type Secret, secret } from '../../secret.ts';
import { encrypt, isAgeFile } from '../age.ts';
import { putAgeValue } from '../put-value.ts';
import { findRecipients } from '../recipients.ts';
import { indented, parseVarsText } from '../vars-text.ts';
import { writeFileAtomically } from '../write-file.ts';
import { type Arguments, parseArguments } from './arguments.ts';
import type { SecretsContext } from './context.ts';

/** A value to paste, a value put into a file, or a file encrypted as a whole. Returns what is to be printed. */
export async function encryptCommand(args: readonly string[], context: SecretsContext): Promise<string> {
  const example = `${context.program} encrypt --in group_vars/control-plane.yaml --key keepalived.authPass`;
  const given = parseArguments(args, { flags: ['recipient', 'in', 'key'], files: 1, example });
  refuseMixture(given, example);
  const recipients = await findRecipients(given.recipients, context.root);
  const [file] = given.files;
  if (file !== undefined) return encryptFile(file, recipients, context);
  if (given.in === undefined || given.key === undefined) {
    const armored = await encrypt(await valueOf(context), recipients);
    return `!age |\n${indented(armored, 2)}\n`;
  }
  return encryptInto(given.in, given.key, recipients, context);
}

function refuseMixture(given: Arguments, example: string): void {
  const [file] = given.files;
  if (file !== undefined && (given.in !== undefined || given.key !== undefined)) {
    throw badInput(`${file} as a whole, or one value with --in and --key: not both`, { mend: `type ${example}` });
  }
  if ((given.in === undefined) !== (given.key === undefined)) {
    throw badInput(given.key === undefined ? '--in wants --key' : '--key wants --in', { mend: `type ${example}` });
  }
}

async function encryptInto(
  file: string,
  key: string,
  recipients: readonly string[],
  context: SecretsContext,
): Promise<string> {
  const bytes = readVarsFile(file);
  if (isAgeFile(bytes)) {
    throw badInput(`${file} is encrypted as a whole`, { mend: `${context.program} edit ${file}` });
  }
  const path = (key.match(/"[^"]*"|[^."]+/g) ?? []).map((part) => part.replaceAll('"', ''));
  if (path.length === 0) throw badInput(`--key '${key}' names no var`, { mend: 'write --key keepalived.authPass' });
  const text = bytes.toString('utf8');
  // What cannot be written is told before anybody types a secret.
  putAgeValue(text, file, path, 'armored\n');
  const armored = await encrypt(await valueOf(context), recipients);
  writeFileAtomically(file, putAgeValue(text, file, path, armored), statSync(file).mode & 0o7777);
  return `${file}: ${path.join('.')} is encrypted\n`;
}

async function encryptFile(file: string, recipients: readonly string[], context: SecretsContext): Promise<string> {
  const bytes = readVarsFile(file);
  if (isAgeFile(bytes)) throw badInput(`${file} is encrypted already`, { mend: `${context.program} edit ${file}` });
  const target = `${file}.age`;
  if (existsSync(target)) {
    throw badInput(`${target} exists`, { mend: `${context.program} edit ${target}` });
  }
  const text = bytes.toString('utf8');
  parseVarsText(text, file);
  writeFileAtomically(target, await encrypt(composedSecret(text), recipients), statSync(file).mode & 0o7777);
  context.say(`${target} is written. ${file} is still there, readable: remove it, as one group has one file.`);
  context.say('If it has ever been committed or copied, change the secrets in it: they are in the history.');
  return '';
}

function readVarsFile(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw badInput(`${file} cannot be read`, { cause: error, mend: 'name a file of group_vars' });
  }
}

/** From the terminal twice, or all of standard input; the line end of a single line is not part of it. */
async function valueOf({ ask, input }: SecretsContext): Promise<Secret<string>> {
  if (ask === undefined) {
    const text = reveal(await input());
    const value = /^[^\n]*\n$/.test(text) ? text.replace(/\r?\n$/, '') : text;
    if (value === '') throw badInput('standard input is empty', { mend: 'pipe the value in, or run it on a terminal' });
    return secret(value);
  }
  const value = await ask('Value (not shown): ');
  if (reveal(value) === '') throw badInput('nothing was typed, so nothing was encrypted');
  if (reveal(value) === reveal(await ask('Once more: '))) return value;
  throw badInput('the two are not the same, so nothing was encrypted', { mend: 'run it again' });
}
