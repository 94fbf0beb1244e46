import { forgetSecrets } from '../lib/secret.ts';

// Many files share a worker and its modules, as loading them for each costs more than most tests. What a module keeps would
// be shared too, and the secrets of one file would be masked in the next.
forgetSecrets();
