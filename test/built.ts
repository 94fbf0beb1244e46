import { execFileSync } from 'node:child_process';
import { root } from './house/imports.ts';

/** Programs that tests start load konverge as users do. @throws Error when it cannot be built */
export function setup(): void {
  execFileSync(process.execPath, ['--import', 'tsx', 'build/build.ts'], { cwd: root, stdio: 'inherit' });
}
