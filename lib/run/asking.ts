import { createInterface } from 'node:readline';

export type Consent = 'run' | 'skip' | 'quit';

/** What `--step` needs of a terminal. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

const consents: Readonly<Record<string, Consent | 'all'>> = {
  y: 'run',
  yes: 'run',
  n: 'skip',
  no: 'skip',
  c: 'all',
  continue: 'all',
  q: 'quit',
  quit: 'quit',
};

/**
 * Asks before each role of each play, once for all hosts: those that come later follow the answer. One question at a time;
 * the end of the input is a quit.
 */
export function askBeforeRoles(terminal: Terminal): (play: string, role: string) => Promise<Consent> {
  const answers = new Map<string, Promise<Consent>>();
  let last: Promise<Consent> = Promise.resolve('run');
  let settled: Consent | undefined;
  const ask = async (play: string, role: string): Promise<Consent> => {
    if (settled !== undefined) return settled;
    for (;;) {
      const typed = await question(
        terminal,
        `${play} · ${role}: run it? [y]es, [n]o, [c]ontinue without asking, [q]uit: `,
      );
      const consent = typed === undefined ? 'quit' : consents[typed.trim().toLowerCase()];
      if (consent === 'all') settled = 'run';
      if (consent === 'quit') settled = 'quit';
      if (consent !== undefined) return consent === 'all' ? 'run' : consent;
    }
  };
  return (play, role) => {
    const key = JSON.stringify([play, role]);
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = last.then(() => ask(play, role));
    last = answer;
    answers.set(key, answer);
    return answer;
  };
}

/** undefined = the input has ended, or was interrupted */
function question({ input, output }: Terminal, text: string): Promise<string | undefined> {
  const asked = createInterface({ input, output });
  return new Promise((answered) => {
    asked.once('close', () => answered(undefined));
    asked.question(text, (typed) => {
      answered(typed);
      asked.close();
    });
  });
}
