import { quote } from '../sh.ts';

/** Up to this size stdin travels inside the frame, above it beside it (one more round trip). */
export const inlineLimit = 32 * 1024;

const block = 64 * 1024;

/** What the first script of a frame finds on its stdin. */
export type FrameInput =
  | { readonly kind: 'none' }
  | { readonly kind: 'inline'; readonly bytes: Buffer }
  | { readonly kind: 'stream'; readonly size: number };

/**
 * The text that makes a long-lived `sh` run `scripts` one after the other and say on both streams where each ended:
 * `MARKER:CODE;` on stdout, `MARKER;` on stderr. It is one `{ … }` command, so a shell that reads only a part of it
 * (a cut connection) runs nothing of it. Each script has a subshell and an `eval` of its own: a syntax error, `exit`,
 * `cd` or `exec` ends that subshell and nothing else. File descriptor 9 is the host's lock and is closed in all of them.
 */
export function frameText(marker: string, scripts: readonly string[], input: FrameInput): string {
  const parts = scripts.map((text, i) => {
    const command = i === 0 ? withInput(marker, evaluate(text), input) : `${evaluate(text)} </dev/null 9>&-`;
    return `${command}\n${endMark(marker)}`;
  });
  return `{\n${parts.join('\n')}\n}\n`;
}

/** Runs `text` in the shell itself: for what has to outlive the call, as an open file descriptor. */
export function bareFrameText(marker: string, text: string): string {
  return `{\n${text}\n${endMark(marker)}\n}\n`;
}

/** What follows `size` streamed bytes: without it the reader knows that the stream was cut. */
export function streamTrailer(marker: string): string {
  return `${marker}\n`;
}

function endMark(marker: string): string {
  return `printf '${marker}:%s;' $?\nprintf '${marker};' >&2`;
}

// The space keeps bash from reading a script that starts with a dash as an option of `eval`.
function evaluate(text: string): string {
  return `( eval ${quote(` ${text}`)} )`;
}

function withInput(marker: string, command: string, input: FrameInput): string {
  if (input.kind === 'none') return `${command} </dev/null 9>&-`;
  if (input.kind === 'inline') {
    const encoded = input.bytes.toString('base64').replaceAll(/.{76}/g, '$&\n');
    return `base64 -d 2>/dev/null 9>&- <<'${marker}' | ${command} 9>&-\n${encoded}\n${marker}`;
  }
  return streamed(marker, command, input.size);
}

/**
 * Says `MARKER:go;` and hands the next `size` bytes of the shell's own stdin to `command`. Bytes that the command leaves
 * are read and dropped, or the shell would take them for commands. If the trailer does not follow, the stream was cut:
 * the whole process group dies before the command can take half a file for a whole one.
 */
function streamed(marker: string, command: string, size: number): string {
  const blocks = Math.floor(size / block);
  const rest = size % block;
  const reads = [
    ...(blocks > 0 ? [`dd bs=${block} count=${blocks} iflag=fullblock`] : []),
    ...(rest > 0 ? [`dd bs=${rest} count=1 iflag=fullblock`] : []),
    `IFS= read -r trailer; [ "$trailer" = ${marker} ] || kill -9 0`,
  ];
  return [
    `printf '${marker}:go;'`,
    `{ ${reads.join('; ')}; } 2>/dev/null 9>&- | { ${command}; code=$?; cat >/dev/null; exit $code; } 9>&-`,
  ].join('\n');
}
