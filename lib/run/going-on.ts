import type { Flags } from './flags.ts';

type Typed = Pick<Flags, 'inventory' | 'vars' | 'askPass' | 'askBecomePass' | 'step'>;

/** How to go on with a run that has not done everything: what to type, with what of its command line is needed again. */
export function goingOn(typed: Typed, leftOut: readonly string[]): string {
  const { inventory, vars, askPass, askBecomePass, step } = typed;
  const flags = [
    '--resume',
    ...(inventory === undefined ? [] : [`-i ${inventory}`]),
    ...(askPass ? ['-k'] : []),
    ...(askBecomePass ? ['-K'] : []),
  ].join(' ');
  const same = vars.length === 0 ? '' : ', with the same -e';
  return [
    `to go on where it stopped: ${flags}${same}`,
    ...(step ? [`  asked before each role again: ${flags} --step${same}`] : []),
    ...(leftOut.length > 0 ? [`  either begins with what you left out: ${leftOut.join(', ')}`] : []),
    '',
  ].join('\n');
}
