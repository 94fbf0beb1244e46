export { execOnHosts } from './exec.ts';
export { parseExecFlags } from './exec-flags.ts';
export { execHelp } from './exec-help.ts';
export { factsHelp, parseFactsFlags, showFacts } from './facts.ts';
