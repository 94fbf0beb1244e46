export { type BatchSize, batches, tooManyFailed } from './batches.ts';
export { type DiffLimits, type Folded, fold, type Texts, unifiedDiff } from './diff-text.ts';
export { type PatternProblem, type PatternWorld, type Selection, selectHosts } from './patterns.ts';
export { selects } from './tags.ts';
