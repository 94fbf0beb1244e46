import { type Script, sh } from '../sh.ts';
import type { Evidence, Probe, Resource } from './contract.ts';
import type { FileState } from './file-state.ts';

/** What is known of a resource that is a file and something more. */
export interface WithFile {
  readonly file: FileState;
  /** what the other questions printed, line by line */
  readonly more: readonly string[];
}

const mark = '--- file';

/** Asks `more` (which prints lines, in a subshell of its own) and then the file's own question. */
export function probeWithFile(file: Resource<FileState>, more: Script): Probe<WithFile> {
  return {
    script: sh`
( ${more}
) || exit
echo ${mark}
( ${file.probe.script}
)`,
    parse(out) {
      const end = out.indexOf(`${mark}\n`);
      const lines = out
        .toString('utf8', 0, end)
        .split('\n')
        .filter((line) => line !== '');
      return { file: file.probe.parse(out.subarray(end + mark.length + 1)), more: lines };
    },
  };
}

/** The file's evidence, as the spread part of a resource that is more than the file. */
export function evidenceOf({ evidence }: { readonly evidence?: Evidence }): { readonly evidence?: Evidence } {
  return evidence === undefined ? {} : { evidence };
}
