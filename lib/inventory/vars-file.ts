import { reveal } from '../secret.ts';
import { type Environment, isAgeFile, type Opener } from '../secrets/index.ts';
import { unlock } from './unlock.ts';
import type { VarsText } from './yaml-tree.ts';
import { readVars } from './yaml-tree.ts';

export interface VarsFileContext {
  /** the file's name as printed */
  readonly file: string;
  readonly env: Environment;
  readonly open: Opener;
}

/** The vars of one file, whatever of it is encrypted: single values, or all of it. Lines are those of the plain text. */
export async function readVarsFile(bytes: Buffer, { file, env, open }: VarsFileContext): Promise<VarsText> {
  const encrypted = isAgeFile(bytes);
  const plain = encrypted ? await open(bytes, 'file') : { text: bytes.toString('utf8') };
  if (plain.text === undefined) return problemOf(file, plain.problem, plain.mend);
  if (!encrypted && file.endsWith('.age')) {
    return problemOf(file, 'is not encrypted, whatever its name says', 'take .age off its name, and encrypt it');
  }
  const text = typeof plain.text === 'string' ? plain.text : reveal(plain.text);
  const read = readVars(text, file, env, { encrypted });
  if (read.tree === undefined) return read;
  const { tree, problems } = await unlock(read.tree, open);
  return { tree, problems: [...read.problems, ...problems] };
}

const problemOf = (file: string, message: string, mend: string): VarsText => ({
  tree: undefined,
  problems: [{ origin: { file }, path: [], message, mend }],
});
