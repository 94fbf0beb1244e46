import { expect, it } from 'vitest';
import { assumedFacts } from '../../lib/run/rehearse.ts';
import { artifact, sourceFor } from '../../roles/artifact/index.ts';

const source = { urls: ['https://a.example/x', 'http://b.example/x'], sha256: 'a'.repeat(64) };
const facts = assumedFacts('debian', { name: 'a', address: '10.0.0.1' });

it('the file of the architecture of the host', () => {
  const both = { amd64: source, arm64: { ...source, sha256: 'b'.repeat(64) } };
  expect(sourceFor(facts, 'runc', both)).toBe(both.amd64);
  expect(sourceFor({ ...facts, arch: 'arm64' }, 'runc', both)).toBe(both.arm64);
});

it('refuses a host for whose architecture there is none, and says what to do', () => {
  expect(() => sourceFor({ ...facts, arch: 'arm64' }, 'runc', { amd64: source })).toThrow(
    expect.objectContaining({
      code: 'Refused',
      message: 'runc: no file is known for arm64',
      details: expect.objectContaining({ mend: expect.stringContaining('checksums'), touched: false }),
    }),
  );
});

it.each([
  ['no url', { ...source, urls: [] }],
  ['a file url', { ...source, urls: ['file:///etc/passwd'] }],
  ['a short checksum', { ...source, sha256: 'abc' }],
  ['a checksum of another kind', { ...source, sha256: 'A'.repeat(64) }],
  ['an unknown word', { ...source, sha512: '' }],
])('%s is bad input', (_, amd64) => {
  expect(artifact.safeParse({ amd64 }).success).toBe(false);
  expect(artifact.safeParse({ amd64: source }).success).toBe(true);
});

it('an architecture that is none', () => {
  expect(artifact.safeParse({ riscv64: source }).success).toBe(false);
});
