export { execCommand, execOnHosts } from './exec.ts';
export { parseExecFlags } from './exec-flags.ts';
export { execHelp } from './exec-help.ts';
export { factsCommand, factsHelp, parseFactsFlags, showFacts } from './facts.ts';
