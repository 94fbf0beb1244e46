/** One screen: what an operator needs to type. */
export const execHelp = `Usage: npx tsx playbooks/exec.ts [options] -- COMMAND [ARGUMENT…]

One command on many hosts at once, as root. What each host prints comes as
'host | line', its stderr as 'host ! line'.

  -- uptime                     a program; several words are its arguments,
  -- ls -l '/etc/a file'        each handed over as it is
  -- 'df -h / | tail -n 1'      a single word is a line for the host's shell

Selection
  -l, --limit PATTERN    only these hosts: 'workers:!wn02', 'cp*', 'workers[0]'
  -i, --inventory FILE   default: the nearest hosts.ts above the playbook
  -e, --var KEY=VALUE    a var, where the inventory would not be right without

How
  -f, --forks N          hosts at work at once (default 50)
  -k, --ask-pass         ask for the SSH password of hosts that have none
  -K, --ask-become-pass  ask for the sudo password; Enter: the same as -k
      --timeout SECONDS  then it is stopped there, with its children
                         (default: however long it takes)
      --fold             at the end, equal outputs of several hosts once
      --json             one event a line (docs/events.md)
  -v, --verbose          stacks of failures
  -h, --help

It takes no lock, so it also works while a run is at work on the hosts; what it
changes, no run knows of. stdin is empty. A lost connection is not made again.
Ctrl-C: what runs may end, nothing new begins; twice: it is stopped.

Exit codes
  0 exit 0 everywhere   1 unexpected   2 the command failed on a host
  3 bad input, nothing was contacted   4 a host was unreachable
  130 interrupted
`;
