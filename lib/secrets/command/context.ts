import type { Secret } from '../../secret.ts';
import type { Environment } from '../identity.ts';

/** What the subcommands know of the world around them. */
export interface SecretsContext {
  /** folder of the package.json: `.age-recipients` and `group_vars` are in it */
  readonly root: string;
  readonly env: Environment;
  /** how this program is called, for examples: `npx tsx playbooks/secrets.ts` */
  readonly program: string;
  /** a line for the operator, apart from the result */
  say(line: string): void;
  /** undefined = nobody can be asked */
  readonly ask: ((question: string) => Promise<Secret<string>>) | undefined;
  /** all of standard input */
  readonly input: () => Promise<Secret<string>>;
}
