const causes: readonly (readonly [RegExp, string])[] = [
  [/no space left on device/i, 'free space on that file system (df -h), then run again'],
  [/disk quota exceeded/i, 'raise the quota or free space, then run again'],
  [/read-only file ?system/i, 'the file system is mounted read-only: see dmesg for errors, remount it, then run again'],
  [/operation not permitted/i, 'look for an immutable attribute (lsattr PATH; chattr -i PATH) or a security module'],
  [/permission denied/i, 'look for SELinux denials (ausearch -m avc -ts recent) or a restricted mount'],
  [/(invalid|unknown) user/i, 'make that user first, or name one that exists'],
  [/(invalid|unknown) group/i, 'make that group first, or name one that exists'],
  [/file name too long/i, 'choose a shorter name'],
  [/not a directory/i, 'a part of the path is a file: move it away'],
  [/(tar|gzip|xz|zstd|bzip2):? .*(not found|cannot exec)/i, 'install that program on the host'],
];

/** What the operator can do about a failure whose cause the tool's own words name. undefined = not recognised */
export function explain(said: string): string | undefined {
  return causes.find(([pattern]) => pattern.test(said))?.[1];
}
