/** Takes a stream apart at `MARKER…;`, wherever the chunks end. */
export interface SplitSink {
  /** bytes that are certainly not part of a marker */
  bytes(part: Buffer): void;
  /** what stands between the marker and the semicolon: `''`, `:0`, `:go` */
  mark(tail: string): void;
}

export function splitAtMarks(marker: string, sink: SplitSink): (chunk: Buffer) => void {
  const needle = Buffer.from(marker, 'latin1');
  let held: Buffer = Buffer.alloc(0);
  return (chunk) => {
    let rest = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    for (;;) {
      const at = rest.indexOf(needle);
      const end = at < 0 ? -1 : rest.indexOf(';', at + needle.length);
      if (end < 0) {
        const keepFrom = at < 0 ? rest.length - overlap(rest, needle) : at;
        if (keepFrom > 0) sink.bytes(rest.subarray(0, keepFrom));
        held = rest.subarray(keepFrom);
        return;
      }
      if (at > 0) sink.bytes(rest.subarray(0, at));
      sink.mark(rest.toString('latin1', at + needle.length, end));
      rest = rest.subarray(end + 1);
    }
  };
}

/** Length of the longest end of `bytes` that could be the start of `needle`. */
function overlap(bytes: Buffer, needle: Buffer): number {
  for (let n = Math.min(bytes.length, needle.length - 1); n > 0; n--) {
    if (bytes.subarray(bytes.length - n).equals(needle.subarray(0, n))) return n;
  }
  return 0;
}

export interface Lines {
  readonly feed: (chunk: Buffer) => void;
  /** what is left at the end, though no newline ends it */
  readonly flush: () => void;
}

/** Whole lines out of chunks; bytes are decoded a line at a time, so a character split by a chunk's end stays whole. */
export function splitLines(onLine: (line: string) => void): Lines {
  let parts: Buffer[] = [];
  const flush = (): void => {
    if (parts.length === 0) return;
    const line = Buffer.concat(parts).toString('utf8').replace(/\r$/, '');
    parts = [];
    onLine(line);
  };
  const feed = (chunk: Buffer): void => {
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      parts.push(chunk.subarray(from, at));
      flush();
      from = at + 1;
    }
    if (from < chunk.length) parts.push(chunk.subarray(from));
  };
  return { feed, flush };
}
