/** How a program on the host ended: `code` is null when a signal or a lost connection ended it, never 0. */
export interface PipeEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

/** The three streams of one program on the host. */
export interface Pipe {
  /** Resolves when more may be written, or when nobody will ever read it. */
  write(bytes: Buffer): Promise<void>;
  /** End of file for the program. */
  end(): void;
  destroy(): void;
  /** Replaces the listeners; what came before the first ones is kept for them. */
  listen(stdout: (chunk: Buffer) => void, stderr: (chunk: Buffer) => void): void;
  /** Resolves, once, when both streams are read to their end; it never rejects. */
  readonly closed: Promise<PipeEnd>;
}

/** An open way to a host: an SSH connection, or the controller itself. */
export interface Link {
  /** Starts `command` through the login shell. @throws Error when the host opens no (further) channel */
  exec(command: string): Promise<Pipe>;
  /** Resolves, once, with the reason, when the way is gone; it never rejects. */
  readonly lost: Promise<Error>;
  readonly close: () => Promise<void>;
}

/** Makes a way. @throws KonvergeError Unreachable */
export type Dial = () => Promise<Link>;
