import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../house/imports.ts';
import { installIn } from '../installed.ts';

export const page = (name: string): string => readFileSync(join(root, 'docs', name), 'utf8');

/** The files that a page shows: path → content. A fenced block is a file when a line with its path alone is above it. */
export function filesOf(text: string): ReadonlyMap<string, string> {
  const shown = text.matchAll(/^`([\w./-]+)`\n\n```\w+\n([\s\S]*?)^```$/gm);
  return new Map([...shown].map(([, path = '', content = '']) => [path, content]));
}

/** The commands that a page shows, each with what it is said to print. */
export function consoleOf(text: string): readonly { readonly command: string; readonly prints: string }[] {
  const shown = text.matchAll(/^```console\n\$ (.*)\n([\s\S]*?)^```$/gm);
  return [...shown].map(([, command = '', prints = '']) => ({ command, prints }));
}

/** A repository of a user's own with these files, where konverge and what it needs are installed. The caller removes it. */
export function repository(files: ReadonlyMap<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'konverge-docs-'));
  installIn(folder);
  for (const [path, content] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program in the folder, to its end. */
export function runIn(folder: string, program: string, args: readonly string[]): Promise<Ended> {
  return new Promise((done) => {
    const child = execFile(program, [...args], { cwd: folder }, (_, stdout, stderr) => {
      done({ code: child.exitCode ?? 255, stdout, stderr });
    });
  });
}

/** What the compiler finds wrong, strictly; '' = nothing. */
export async function typeProblems(folder: string): Promise<string> {
  const { code, stdout } = await runIn(folder, join(root, 'node_modules/.bin/tsc'), ['-p', '.']);
  return code === 0 ? '' : stdout;
}
