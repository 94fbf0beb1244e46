import { describe, expect, it } from 'vitest';
import { expandHosts } from '../../../lib/inventory/ansible/host-range.ts';
import { readIni } from '../../../lib/inventory/ansible/ini.ts';
import { membershipIn } from '../../../lib/inventory/ansible/membership.ts';
import type { Outline } from '../../../lib/inventory/ansible/outline.ts';
import { literal, splitWords } from '../../../lib/inventory/ansible/words.ts';
import { readYaml } from '../../../lib/inventory/ansible/yaml.ts';
import { originText, plain } from '../../../lib/inventory/tree.ts';

// The expected values are what ansible-inventory --list of ansible-core 2.14 says of the same text.

describe('host ranges', () => {
  it.each([
    ['web', ['web']],
    ['n[1:3]', ['n1', 'n2', 'n3']],
    ['node[08:11].x', ['node08', 'node09', 'node10', 'node11'].map((name) => `${name}.x`)],
    ['db-[a:c]', ['db-a', 'db-b', 'db-c']],
    ['n[1:9:3]', ['n1', 'n4', 'n7']],
    ['r[1:2]n[1:2]', ['r1n1', 'r1n2', 'r2n1', 'r2n2']],
    ['n[:2]', ['n0', 'n1', 'n2']],
  ])('%s', (pattern, names) => {
    expect(expandHosts(pattern)).toEqual({ names });
  });

  it.each([
    ['web:2222', { names: ['web'], port: 2222 }],
    ['n[1:2]:2222', { names: ['n1', 'n2'], port: 2222 }],
    ['10.0.0.1:22', { names: ['10.0.0.1'], port: 22 }],
    ['[2001:db8::1]:22', { names: ['2001:db8::1'], port: 22 }],
    ['2001:db8::1', { names: ['2001:db8::1'] }],
  ])('%s has a port of its own', (pattern, written) => {
    expect(expandHosts(pattern)).toEqual(written);
  });

  it.each(['n[3:1]', 'n[1]', 'n[a:3]', 'n[1:2:0]', 'n[01:100]', 'n[1:2', 'n[1:99999]', 'a[1:5000]b[1:5000]'])(
    '%s is refused',
    (pattern) => {
      expect(expandHosts(pattern)).toEqual({ problem: expect.stringContaining(`${pattern}: `) });
    },
  );
});

describe('words and values', () => {
  it.each([
    ['a b=c', ['a', 'b=c']],
    [`a b="c d" e='f g'`, ['a', 'b=c d', 'e=f g']],
    ['a b=c#d # comment x=y', ['a', 'b=c']],
    ['a b=c\\ d', ['a', 'b=c d']],
    [`a b="it's" c='say "x"'`, ['a', "b=it's", 'c=say "x"']],
    ['a b=""', ['a', 'b=']],
  ])('%s', (line, words) => {
    expect(splitWords(line)).toEqual(words);
  });

  it('an open quote', () => {
    expect(splitWords(`a b="c`)).toBeUndefined();
  });

  it.each([
    ['1', 1],
    ['1.30', 1.3],
    ['-5', -5],
    ['0644', '0644'],
    ['True', true],
    ['true', 'true'],
    ['None', null],
    ['yes', 'yes'],
    [`'1.30'`, '1.30'],
    ['"a b"', 'a b'],
    ['plain text', 'plain text'],
    ['1 # one', 1],
    [`'x' # a comment`, 'x'],
    ['text # stays', 'text # stays'],
    [`['a', 1, True]`, ['a', 1, true]],
    [`{'a': {'b': None}}`, { a: { b: null } }],
    ['{not: python', '{not: python'],
    ['{{ jinja }}', '{{ jinja }}'],
    ['192.168.1.1', '192.168.1.1'],
  ])('%s', (text, value) => {
    expect(plain(literal(text, { file: 'f' }))).toEqual(value);
  });
});

const ini = `
; a comment
lonely
[web]
w[1:2] a=1 b="two words"   # a comment
w3:2222
[db] # the databases
d1 a=host
[both:children]
web
db # and these
[both:vars]
# comments are ignored
a=both
c = spaced
[web:vars]
a=web
[all:vars]
a=all
d={'x': 1}
`;

const yaml = `
all:
  hosts: { lonely: }
  vars: { a: all, d: { x: 1 } }
  children:
    both:
      vars: { a: both, c: spaced }
      children:
        web:
          hosts:
            w[1:2]: { a: 1, b: two words }
            w3:2222:
          vars: { a: web }
        db:
          hosts: { d1: { a: host } }
`;

describe.each([
  ['INI', readIni(ini, 'inventory')],
  ['YAML', readYaml(yaml, 'inventory', {})],
])('the same inventory as %s', (_, outline) => {
  const membership = membershipIn(outline);

  it('has the same members', () => {
    expect(outline.problems).toEqual([]);
    expect(membership.hostsOf('both')).toEqual(['w1', 'w2', 'w3', 'd1']);
    expect(membership.hostsOf('all')?.toSorted()).toEqual(['d1', 'lonely', 'w1', 'w2', 'w3']);
    expect(membership.hostsOf('nobody')).toBeUndefined();
  });

  it('has the same vars, and groups in the order of their weight', () => {
    expect(membership.groupsOf('w1')).toEqual(['all', 'both', 'web']);
    expect(varsOf(outline, 'w1')).toEqual({ a: 1, b: 'two words' });
    expect(varsOf(outline, 'w3')).toEqual({ ansible_port: 2222 });
    const group = (name: string) =>
      Object.fromEntries([...(outline.groups.get(name)?.vars ?? [])].map(([key, tree]) => [key, plain(tree)]));
    expect(group('all')).toEqual({ a: 'all', d: { x: 1 } });
    expect(group('both')).toEqual({ a: 'both', c: 'spaced' });
  });
});

function varsOf({ hosts }: Outline, host: string): object {
  return Object.fromEntries([...(hosts.get(host)?.vars ?? [])].map(([key, tree]) => [key, plain(tree)]));
}

describe('priorities and depths', () => {
  it('deeper wins, then ansible_group_priority, then the name', () => {
    const text = '[b]\nh\n[a]\nh\n[z]\nh\n[deep]\nh\n[top:children]\ndeep\n[a:vars]\nansible_group_priority=10\n';
    expect(membershipIn(readIni(text, 'f')).groupsOf('h')).toEqual(['all', 'b', 'top', 'z', 'a', 'deep']);
  });

  it('a group that contains itself is told once', () => {
    const outline = readIni('[a:children]\nb\n[b:children]\na\n', 'f');
    membershipIn(outline);
    expect(outline.problems.map(({ message }) => message)).toEqual(['a group contains itself: a → b → a']);
  });
});

describe('mistakes in an INI, each with its line', () => {
  it.each([
    ['[web:cars]\n', 'f:1:1 [web:cars] is no section'],
    ['[]\n', 'f:1:1 [] is no section'],
    ['[a]\nh x y=1\n', 'f:2:1 after the host come name=value pairs'],
    ['[a]\nh x="y\n', 'f:2:1 a quote is not closed'],
    ['[a]\n[a:vars]\nx\n', "f:3:1 'x' is no var"],
    ['[a]\nh\n[b:vars]\nx=1\n', "f:3:1 there is no group 'b'"],
    ['[a:children]\nwebs\n[web]\nh\n', "f:2:1 there is no group 'webs'"],
    ['[a:children]\nx y\n', "f:2:1 'x y' is no group"],
    ['[a]\n  n[5:1]\n', 'f:2:3 n[5:1]: [5:1] is no range such as [01:10], [a:c] or [1:9:2]'],
  ])('%j', (text, problem) => {
    const told = readIni(text, 'f').problems.map(({ origin, message }) => `${originText(origin)} ${message}`);
    expect(told).toEqual([problem]);
  });

  it('a misspelt child is recognised, a word that lost its name is not repeated', () => {
    expect(readIni('[a:children]\nwebs\n[web]\nh\n', 'f').problems[0]?.mend).toBe("did you mean 'web'?");
    const secret = readIni('[a]\nh ansible_password=x y-secret-z\n', 'f').problems;
    expect(JSON.stringify(secret)).not.toContain('y-secret-z');
  });
});

describe('mistakes in a YAML', () => {
  it.each([
    ['all: [a]\n', 'f:1:1 group all must be a map'],
    ['all:\n  hosts: [a, b]\n', 'f:2:3 hosts of all must be a map'],
    ['plugin: aws_ec2\n', 'f:1:1 is the configuration of an inventory plugin, not an inventory'],
    ['all:\n  hosts:\n    a:\n    a:\n', 'f:4:5 is given twice, first at f:3:5; one of the two would be lost silently'],
  ])('%j', (text, problem) => {
    const told = readYaml(text, 'f', {}).problems.map(({ origin, message }) => `${originText(origin)} ${message}`);
    expect(told).toEqual([problem]);
  });

  it('a key that Ansible skips is noted; a single name stands for itself', () => {
    const outline = readYaml('web:\n  host: { a: }\n  hosts: b\n', 'f', {});
    expect(outline.notes.map(({ message }) => message)).toEqual([
      "group web: 'host' is ignored, as Ansible does; it knows hosts, vars and children",
    ]);
    expect([...outline.hosts.keys()]).toEqual(['b']);
  });
});
