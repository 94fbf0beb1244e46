import { z } from 'zod';

/** Nothing to choose. */
export const swapVars = z.strictObject({});
