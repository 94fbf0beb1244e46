import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isVague, offence } from './doors.ts';
import { houses, importsOf, read, root, sources, specifiers } from './imports.ts';

const files = [...sources(houses), ...['hosts.ts'].filter((file) => existsSync(join(root, file)))];

test('arrows only point down', () => {
  const offences = files.flatMap((file) =>
    importsOf(file).flatMap((target) => {
      const why = offence(file, target);
      return why === undefined ? [] : [`${file} imports ${target}: ${why}`];
    }),
  );
  expect(offences).toEqual([]);
  expect(files.length).toBeGreaterThan(10);
});

test('every import names a file that exists', () => {
  const missing = files.flatMap((file) =>
    importsOf(file)
      .filter((target) => /\.(ts|json)$/.test(target) && !existsSync(join(root, target)))
      .map((target) => `${file} → ${target}`),
  );
  expect(missing).toEqual([]);
});

test('no file longer than 200 lines, no name that says nothing', () => {
  const long = sources(['lib', 'roles', 'playbooks']).filter((file) => read(file).trimEnd().split('\n').length > 200);
  expect(long).toEqual([]);
  expect(sources([...houses, 'test']).filter((file) => isVague(file))).toEqual([]);
});

test.each([
  ['lib/resources/file.ts', 'lib/connection/session.ts'],
  ['lib/resources/file.ts', 'lib/plan/tags.ts'],
  ['lib/resources/file.ts', 'node:fs/promises'],
  ['lib/plan/tags.ts', 'lib/run/play.ts'],
  ['lib/plan/tags.ts', 'node:child_process'],
  ['lib/inventory/load.ts', 'lib/resources/contract.ts'],
  ['lib/connection/ssh.ts', 'lib/report/events.ts'],
  ['lib/report/live.ts', 'lib/connection/session.ts'],
  ['lib/report/live.ts', 'lib/run/main.ts'],
  ['lib/run/main.ts', 'lib/index.ts'],
  ['lib/run/main.ts', 'listr2'],
  ['lib/run/main.ts', 'node-ssh'],
  ['lib/report/live.ts', 'zx'],
  ['lib/errors.ts', 'lib/resources/contract.ts'],
  ['roles/chrony/index.ts', 'lib/resources/file.ts'],
  ['roles/chrony/index.ts', 'roles/etcd/members.ts'],
  ['roles/chrony/index.ts', 'playbooks/site.ts'],
  ['roles/chrony/index.ts', 'ejs'],
  ['group_vars/schema.ts', 'roles/chrony/index.ts'],
  ['playbooks/site.ts', 'lib/run/play.ts'],
  ['hosts.ts', 'playbooks/site.ts'],
])('%s must not import %s', (file, target) => {
  expect(offence(file, target)).toBeTypeOf('string');
});

test.each([
  ['playbooks/site.ts', 'roles/chrony/index.ts'],
  ['playbooks/site.ts', 'hosts.ts'],
  ['roles/chrony/index.ts', 'lib/index.ts'],
  ['roles/chrony/index.ts', 'roles/chrony/paths.ts'],
  ['roles/kubeadm-join/index.ts', 'roles/kubeadm-init/index.ts'],
  ['roles/chrony/index.ts', 'zod'],
  ['lib/index.ts', 'lib/resources/file.ts'],
  ['lib/run/main.ts', 'lib/connection/ssh.ts'],
  ['lib/report/plain.ts', 'lib/plan/diff-text.ts'],
  ['lib/report/live.ts', 'listr2'],
  ['lib/plan/pattern-items.ts', 'node:net'],
  ['lib/resources/file.ts', 'lib/sh.ts'],
])('%s may import %s', (file, target) => {
  expect(offence(file, target)).toBeUndefined();
});

test('every way to import is seen, comments are not', () => {
  const source = `
    import a, { b } from 'a';
    import type { c } from "c";
    import {
      d,
    } from './d.ts';
    export * from './e.ts';
    export { f } from './f.ts';
    import 'g';
    const h = await import('h');
    // import 'no1';
    /* import 'no2'; */
    const text = "from 'no3'";
    export const from = 'no4';
  `;
  expect(specifiers(source)).toEqual(['a', 'c', './d.ts', './e.ts', './f.ts', 'g', 'h']);
});

test('vague names', () => {
  expect(['lib/utils/x.ts', 'lib/common.ts', 'test/helpers/a.ts'].filter((path) => isVague(path))).toHaveLength(3);
  expect(isVague('lib/plan/tags.ts')).toBe(false);
});
