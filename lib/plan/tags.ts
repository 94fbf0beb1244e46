/**
 * Whether a step with these tags runs under `--tags only --skip-tags skip` ([] = the flag was not given).
 * The rules are Ansible's (playbook/taggable.py): `always` runs unless it is skipped itself, `never` runs only when one
 * of its step's tags is asked for, a step without tags carries the pseudo-tag `untagged`.
 */
export function selects(tags: readonly string[], only: readonly string[], skip: readonly string[]): boolean {
  const own = new Set(tags.length === 0 ? ['untagged'] : tags);
  return isWanted(own, only.length === 0 ? ['all'] : only) && !isSkipped(own, skip);
}

function isWanted(own: ReadonlySet<string>, only: readonly string[]): boolean {
  if (own.has('always')) return true;
  if (only.some((tag) => own.has(tag))) return true;
  if (own.has('never')) return false;
  return only.includes('all') || (only.includes('tagged') && !own.has('untagged'));
}

function isSkipped(own: ReadonlySet<string>, skip: readonly string[]): boolean {
  if (skip.includes('all')) return !own.has('always') || skip.includes('always');
  if (skip.some((tag) => own.has(tag))) return true;
  return skip.includes('tagged') && !own.has('untagged');
}
