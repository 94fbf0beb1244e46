import { vi } from 'vitest';

// Many files share a worker, as starting one costs more than most of them. What konverge knows by itself (the secrets to
// mask, the bastions that are open) is each file's own all the same: its modules are evaluated anew.
vi.resetModules();
