import type { execOnHosts as Exec } from './exec.ts';
import type { showFacts as Show } from './facts.ts';

// A playbook needs neither: each is loaded by the program that calls it.

/**
 * One command on the hosts that the command line selects. Nothing of it takes a host's lock. `optional`: groups that an
 * inventory need not have. Sets the exit code.
 */
export const execOnHosts: typeof Exec = async (meta, options) => (await import('./exec.ts')).execOnHosts(meta, options);

/**
 * Prints the facts of the hosts that the command line selects, in inventory order. `optional`: groups that an
 * inventory need not have. Sets the exit code.
 */
export const showFacts: typeof Show = async (meta, options) => (await import('./facts.ts')).showFacts(meta, options);
