import { expect, test } from 'vitest';
import { closest, didYouMean, editDistance } from '../lib/suggest.ts';

test.each([
  ['', '', 0],
  ['', 'abc', 3],
  ['abc', '', 3],
  ['kitten', 'sitting', 3],
  ['chrony', 'chorny', 1],
  ['ab', 'ba', 1],
  ['ca', 'abc', 3],
  ['workers', 'workers', 0],
])('%s → %s takes %d edits', (a, b, edits) => {
  expect(editDistance(a, b)).toBe(edits);
  expect(editDistance(b, a)).toBe(edits);
});

const names = ['k8s-mn01', 'k8s-mn02', 'k8s-wn01', 'k8s-wn02', 'workers', 'controlPlane', 'wn2'];

test.each([
  ['WN2', 'wn2'],
  ['wn3', 'wn2'],
  ['workerz', 'workers'],
  ['wn02', 'k8s-wn02'],
  ['mn02', 'k8s-mn02'],
  ['k8s-wn2', 'k8s-wn02'],
  ['controlplane', 'controlPlane'],
  ['control-plane', 'controlPlane'],
  ['zzzz', undefined],
  ['', undefined],
  ['mn', undefined],
])('%s is near %s', (word, near) => {
  expect(closest(word, names)).toBe(near);
});

test('the sentence, or nothing', () => {
  expect(didYouMean('chrnoy', new Set(['haproxy', 'chrony']))).toBe("did you mean 'chrony'?");
  expect(didYouMean('etcd', [])).toBeUndefined();
});
