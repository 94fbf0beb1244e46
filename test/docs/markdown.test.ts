import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseExecFlags } from '../../lib/adhoc/exec-flags.ts';
import { parseFactsFlags } from '../../lib/adhoc/facts.ts';
import { parseFlags } from '../../lib/run/flags.ts';
import { helpText } from '../../lib/run/help.ts';
import { helpOf } from '../../lib/secrets/command/help.ts';
import { root } from '../house/imports.ts';
import { anchorsIn, commandsIn, flagsIn, linksIn, pages, textOf } from './markdown.ts';

const programs: readonly ((args: readonly string[]) => unknown)[] = [parseFlags, parseExecFlags, parseFactsFlags];
const secretsHelp = Object.values(helpOf)
  .map((help) => help('secrets'))
  .join('\n');

/** Whether the command line of one of the playbooks knows the flag, with a value or without. */
function isFlag(flag: string): boolean {
  if (/^--(?:recipient|in|key)$/.test(flag)) return secretsHelp.includes(flag);
  return programs.some((parse) => {
    try {
      parse([flag]);
      return true;
    } catch (error) {
      return !(error instanceof Error && error.message.startsWith('unknown option'));
    }
  });
}

function brokenLinks(page: string, text: string): readonly string[] {
  return linksIn(text).flatMap((target) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? page : join(dirname(page), path);
    if (path !== '' && !existsSync(join(root, file))) return [`${target}: there is no ${file}`];
    if (anchor === undefined || !file.endsWith('.md') || anchorsIn(path === '' ? text : textOf(file)).has(anchor))
      return [];
    return [`${target}: ${file} has no such heading`];
  });
}

it.each(pages())('%s: its links lead somewhere, its flags exist', (page) => {
  const text = textOf(page);
  expect(brokenLinks(page, text)).toEqual([]);
  // What is below test/ speaks of other programs too.
  const flags = page.startsWith('test/') ? [] : flagsIn(text);
  expect(flags.filter((flag) => !isFlag(flag))).toEqual([]);
});

it('--help names flags that exist', () => {
  const named = helpText('site').match(/--[a-z][a-z-]*/g) ?? [];
  expect(named.length).toBeGreaterThan(12);
  expect(named.filter((flag) => !isFlag(flag))).toEqual([]);
});

it('there are pages, with flags and links in them', () => {
  expect(pages()).toContain('docs/from-ansible.md');
  expect(pages()).toContain('roles/containerd/README.md');
  expect(flagsIn(textOf('docs/from-ansible.md'))).toContain('--exit-code');
  expect(linksIn(textOf('docs/from-ansible.md'))).toContain('vars.md');
});

it('commands are found, without comments, as one where they go on', () => {
  const block =
    '```sh\nnpx tsx playbooks/a.ts --x   # why\nnpx tsx b.ts |\n  jq .\nls\n```\nnpm ci\n```\n$ npm run lab\n```';
  expect(commandsIn(block)).toEqual(['npx tsx playbooks/a.ts --x', 'npx tsx b.ts | jq .', 'npm run lab']);
});

describe('what would be wrong is found', () => {
  it.each([
    ['`--chek`', ['--chek']],
    ['`--check --exit-code`', ['--check', '--exit-code']],
    ['```sh\nnpx tsx playbooks/site.ts --tags a --jsn |\n  jq --raw\n```', ['--tags', '--jsn']],
    ['`npm install --save-dev x`', []],
    ['```\nnpm ci --no-audit\n```', []],
    ['| Ansible | konverge |\n| --- | --- |\n| `--syntax-check` | `--list-tasks` |', ['--list-tasks']],
    [
      '| flag | for | example | mistake | told |\n| --- | --- | --- | --- | --- |\n| `--json` | x | `--plain` | `--jsn` | x |',
      ['--json', '--plain'],
    ],
  ])('flags in %j', (text, flags) => {
    expect(flagsIn(text)).toEqual(flags);
  });

  it('links', () => {
    const text =
      '# A b\n[x](no.md) [y](vars.md) [z](#a-b) [w](#c) [v](https://x.example) `[u](no.md)` [t](vars.md#secrets)';
    expect(brokenLinks('docs/page.md', text)).toEqual([
      'no.md: there is no docs/no.md',
      '#c: docs/page.md has no such heading',
    ]);
  });

  it('unknown flags', () => {
    expect(['--check', '--limit', '--report'].filter((flag) => !isFlag(flag))).toEqual([]);
    expect(isFlag('--chek')).toBe(false);
  });
});
