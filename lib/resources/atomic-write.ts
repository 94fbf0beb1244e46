import { randomBytes } from 'node:crypto';
import { isSecret, reveal, type Secret } from '../secret.ts';
import { type Script, sh } from '../sh.ts';
import { folderOf, nameOf } from './absolute-path.ts';
import type { Writer } from './contract.ts';
import { type Ownership, octal } from './ownership.ts';
import { runStaged, type Stages } from './staged-run.ts';

export type Content = string | Buffer | Secret<string>;

export interface WrittenFile extends Ownership {
  readonly content: Content;
  /** runs on the temp file; a non-zero exit leaves the target as it is */
  readonly validate?: ((candidate: string) => Script) | undefined;
  /** the old file is kept as `PATH.20240131T120000Z~` */
  readonly backup?: boolean | undefined;
}

export const bytesOf = (content: Content): Buffer => {
  if (isSecret<string>(content)) return Buffer.from(reveal(content));
  return typeof content === 'string' ? Buffer.from(content) : content;
};

/**
 * Afterwards `path` is a regular file with this content, mode and owner, durable on disk; at no time was anything else
 * than the old or the new content to be seen there. A symlink at `path` is replaced, what it leads to is not touched.
 * A bind-mounted path (EBUSY on rename: /etc/hosts in containers) is written in place instead.
 * Missing parent folders are made, 0755. One round trip.
 * @throws CommandFailed; unless it says otherwise the old file is intact
 */
export async function atomicWrite(host: Writer, path: string, wish: WrittenFile): Promise<void> {
  // Random, as a local user must not be able to guess it; recognisable, so that the next run can clear it away.
  const temp = `${folderOf(path)}/.${nameOf(path)}.konverge.${randomBytes(6).toString('hex')}`;
  const validate = wish.validate?.(temp);
  await runStaged(host, writeScript(path, temp, wish, validate), stagesOf(path, validate), {
    stdin: wish.content,
    what: `write ${path}`,
  });
}

/** Sets mode and owner of the regular file at `path`, content and time of change untouched. */
export async function setOwnership(host: Writer, path: string, wish: Ownership): Promise<void> {
  const script = sh`
p=${path}
[ -f "$p" ] && [ ! -h "$p" ] || exit 69
chown ${`${wish.owner}:${wish.group}`} "$p" && chmod ${octal(wish.mode)} "$p" || exit 74`;
  await runStaged(host, script, stagesOf(path), { what: `chown and chmod ${path}` });
}

function writeScript(path: string, temp: string, wish: WrittenFile, validate: Script | undefined): Script {
  return sh`
umask 077
p=${path} d=${folderOf(path)} n=${nameOf(path)} t=${temp}
[ -d "$d" ] || (umask 022; mkdir -p "$d") || exit 70
old=
if [ -h "$p" ]; then :; elif [ -f "$p" ]; then old=1; elif [ -e "$p" ]; then exit 69; fi
rm -f "$d/.$n.konverge."*
trap 'rm -f "$t"' EXIT
trap 'exit 143' HUP INT TERM
(set -C; cat >"$t") || exit 71
[ "$(wc -c <"$t")" -eq ${bytesOf(wish.content).length} ] || exit 72
${
  validate === undefined
    ? sh``
    : sh`( ${validate}
) </dev/null >&2 || exit 73`
}
chown ${`${wish.owner}:${wish.group}`} "$t" && chmod ${octal(wish.mode)} "$t" || exit 74
selinux=
if command -v selinuxenabled >/dev/null 2>&1 && selinuxenabled; then selinux=1; fi
if [ "$old$selinux" = 11 ]; then chcon --reference="$p" "$t"; fi
sync "$t" || exit 71
${wish.backup === true ? sh`if [ "$old" ]; then cp -p "$p" "$p.$(date -u +%Y%m%dT%H%M%SZ)~" || exit 75; fi` : sh``}
${renameScript(wish)}`;
}

// `busy` is in the words of GNU mv (Device or resource busy) and of busybox (Resource busy).
const renameScript = (wish: Ownership): Script => sh`
if said=$(mv -fT "$t" "$p" 2>&1); then
  if [ "$selinux" ] && [ ! "$old" ]; then restorecon "$p"; fi
else
  case $said in *busy*) ;; *) printf '%s\n' "$said" >&2; exit 76 ;; esac
  chown ${`${wish.owner}:${wish.group}`} "$p" && chmod ${octal(wish.mode)} "$p" && cat "$t" >"$p" && sync "$p" || exit 77
fi
sync "$d" || :`;

function stagesOf(path: string, validate?: Script): Stages {
  const intact = { touched: false };
  return {
    69: { message: `${path} is not a regular file`, mend: 'look at what it is; absent() removes it', ...intact },
    70: { message: `the folder ${folderOf(path)} cannot be made` },
    71: { message: `the new content cannot be written beside ${path}, the file is as it was`, ...intact },
    72: { message: `the content for ${path} arrived incomplete, the file is as it was`, mend: 'run again', ...intact },
    73: {
      message: `validation failed, ${path} is as it was`,
      mend: 'fix the template or its vars and run again',
      ...(validate === undefined ? {} : { ran: validate.text.trim() }),
      ...intact,
    },
    74: { message: `owner or mode of ${path} cannot be set`, ...intact },
    75: { message: `the old ${path} cannot be backed up, the file is as it was`, ...intact },
    76: { message: `the new ${path} cannot take the place of the old one, the file is as it was`, ...intact },
    77: { message: `${path} is a mount point and writing it in place failed: it may be incomplete`, touched: true },
  };
}
