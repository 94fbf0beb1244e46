import { z } from 'zod';
import { artifact } from '../artifact/index.ts';

export const runcVars = z.strictObject({
  source: artifact.describe('the static binary runc.ARCH of a release'),
});
