/** One screen: what an operator needs to type. */
export const helpText = (playbook: string): string => `Usage: npx tsx playbooks/${playbook}.ts [options]

Brings the hosts to what the playbook says; what is so already is left alone.
Every flag with an example: docs/flags.md. Secrets: docs/secrets.md.

Selection
  -t, --tags A,B         only roles with one of these tags (role names are tags)
      --skip-tags A,B    all but these
  -l, --limit PATTERN    only these hosts: 'workers:!wn02', 'cp*', 'workers[0]'
  -i, --inventory FILE   default: the nearest hosts.ts above the playbook
      --start-at ROLE    leave out the roles before this one
  -e, --var KEY=VALUE    a var for this run; also '{ yaml }' and @file.yaml

What to do
  -C, --check            change nothing; say what a run would change
  -D, --diff             show files as unified diffs
      --out FILE         with --check: keep what would change, as a plan
      --plan FILE        apply exactly that plan; refused if a host has drifted
      --resume           go on with the last run that broke off
      --step             ask before each role
      --exit-code        with --check: exit 5 when something would change
      --list-tasks, --list-hosts, --list-tags
                         print the selection and stop; nothing is contacted
      --show-vars HOST   every var of that host, and the file:line it comes from

How
  -f, --forks N          hosts at work at once (default 50)
  -k, --ask-pass         ask for the SSH password of hosts that have none
  -K, --ask-become-pass  ask for the sudo password; Enter: the same as -k
      --plain            plain lines even on a terminal
      --json             one event a line (docs/events.md)
  -v, --verbose          also what was found as wished; stacks of failures
      --profile          at the end: slowest resources, round trips
      --report FILE      a page of the run: timeline, diffs, failures (HTML)
      --junit FILE       the run as JUnit XML
      --log FILE         every event, appended (docs/events.md)
  -h, --help

Exit codes
  0 all ok   1 unexpected   2 a host failed   3 bad input, nothing was contacted
  4 a host was unreachable   5 --exit-code: changes found   130 interrupted
`;
