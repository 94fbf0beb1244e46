import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from '../house/imports.ts';

const elsewhere = new Set(['node_modules', '.git', 'coverage', '.konverge', '.lab', 'fixtures']);

/** Every Markdown page of the repository, as paths from the top. */
export function pages(folder = root): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return elsewhere.has(entry.name) ? [] : pages(path);
    return entry.name.endsWith('.md') ? [relative(root, path)] : [];
  });
}

export const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

const fence = /^```.*\n[\s\S]*?^```$/gm;

/** The targets of links and pictures: `[text](target)`, not in code. */
export function linksIn(text: string): readonly string[] {
  const prose = text.replaceAll(fence, '').replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = '']) => target);
}

/** The anchors that GitHub gives to the headings of a page. */
export function anchorsIn(text: string): ReadonlySet<string> {
  const headings = [...text.replaceAll(fence, '').matchAll(/^#+ +(.*?) *$/gm)];
  return new Set(
    headings.map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(/\s/g, '-'),
    ),
  );
}

/**
 * The flags of konverge that a page speaks of: those that begin a piece of code, or follow the name of a playbook in one. In a
 * table about Ansible the first column is theirs; in one that has a column of mistakes that one is not ours either.
 */
export function flagsIn(text: string): readonly string[] {
  const right = /^\| flag .*\| mistake /m.test(text) ? text.replaceAll(/^((?:\|[^|]*){3}\|)[^|]*\|/gm, '$1') : text;
  const ours = /^\| Ansible/m.test(right) ? right.replaceAll(/^\|[^|]*\|/gm, '|') : right;
  const spans = [...ours.replaceAll(fence, '').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  const lines = [...ours.matchAll(fence)].flatMap(([block]) => block.split('\n'));
  const commands = [...spans, ...lines].flatMap((code) => {
    const after = /playbooks\/[\w-]+\.ts(.*)/.exec(code)?.[1];
    return after ?? (spans.includes(code) && code.startsWith('--') ? code : []);
  });
  // What follows a pipe is another program's.
  const own = commands.map((command) => command.replace(/[|#].*/, ''));
  return [...new Set(own.flatMap((command) => command.match(/(?<=^|\s)--[a-z][a-z-]*/g) ?? []))];
}

/** The commands in the code blocks of a page, without their comments; one that goes on in the next line is one. */
export function commandsIn(text: string): readonly string[] {
  const blocks = [...text.matchAll(fence)].map(([block]) =>
    block.replaceAll(/\\\n\s*/g, ' ').replaceAll(/\|\n\s*/g, '| '),
  );
  return blocks
    .flatMap((block) => block.split('\n'))
    .map((line) =>
      line
        .replace(/^\$ /, '')
        .replace(/\s+# .*$/, '')
        .trim(),
    )
    .filter((line) => /^(npx tsx|npm|node --import tsx) /.test(line));
}
