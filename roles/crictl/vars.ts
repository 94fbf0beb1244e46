import { z } from 'zod';
import { artifact } from '../artifact/index.ts';

export const crictlVars = z.strictObject({
  source: artifact.describe('crictl-vVERSION-linux-ARCH.tar.gz of a release'),
  socket: z
    .string()
    .regex(/^unix:\/\/\/[^\s"\\]+$/, 'is not a socket such as unix:///run/containerd/containerd.sock')
    .default('unix:///run/containerd/containerd.sock')
    .describe('where the runtime listens'),
  timeout: z.int().min(1).default(10).describe('seconds a request may take'),
});
