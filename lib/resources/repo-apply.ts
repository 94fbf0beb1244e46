import { lines, type Script, sh } from '../sh.ts';
import { defineRefresh } from './apt.ts';
import type { Writer } from './contract.ts';
import type { Layout } from './repo-definition.ts';
import { keyText, type RepositoryKey } from './repo-key.ts';
import { runStaged, type Stages } from './staged-run.ts';

/**
 * The repository is first read from a definition of its own in a folder of ours; only when that and the signature are good
 * do key and definition go to their places, the definition last: where it stands, metadata has been fetched.
 * @throws CommandFailed; the host's own repositories are then as they were
 */
export async function configureRepository(host: Writer, name: string, layout: Layout): Promise<void> {
  const box = `/var/lib/konverge/repo-${name}`;
  const script = lines(
    sh`
box=${box}
rm -rf "$box"; (umask 022; mkdir -p "$box") || exit 70
trap 'rm -rf "$box"' EXIT
trap 'exit 143' HUP INT TERM`,
    fetchKey(layout.key),
    layout.manager === 'apt' ? tryApt(box, name, layout) : tryDnf(box, name, layout),
    place(layout),
  );
  await runStaged(host, script, stagesOf(name, layout), { what: `configure repository ${name}`, timeout: 900 });
}

/** Afterwards $box/key is armored. Only a `.asc` may be armored for apt, so all keys are; base64(1) does it alone. */
const fetchKey = (key: RepositoryKey): Script =>
  'text' in key
    ? sh`printf %s ${keyText(key.text)} >"$box/key" || exit 70`
    : lines(
        sh`
url=${key.url}
if command -v curl >/dev/null; then curl -fsSL --connect-timeout 20 --max-time 120 --retry 3 -o "$box/raw" "$url"
elif command -v wget >/dev/null; then wget -nv -T 60 -O "$box/raw" "$url"
else exit 71; fi || exit 72`,
        key.sha256 === undefined
          ? sh`:`
          : sh`
sum=$(sha256sum <"$box/raw" | cut -c 1-64)
[ "$sum" = ${key.sha256} ] || { echo "its sha256 is $sum" >&2; exit 73; }`,
        sh`
if grep -q 'BEGIN PGP PUBLIC KEY BLOCK' "$box/raw"; then cp "$box/raw" "$box/key"
elif head -c 256 "$box/raw" | grep -qi -e '<html' -e '<!doctype'; then exit 74
else
  { echo '-----BEGIN PGP PUBLIC KEY BLOCK-----'; echo; base64 "$box/raw"; echo '-----END PGP PUBLIC KEY BLOCK-----'; } >"$box/key"
fi`,
      );

const tryApt = (box: string, name: string, layout: Layout): Script =>
  lines(
    defineRefresh,
    sh`
printf %s ${layout.definition(`${box}/key.asc`)} >"$box/"${name}.sources && mv "$box/key" "$box/key.asc" || exit 70
chmod 644 "$box"/*
refresh -o Dir::Etc::sourcelist=${`${box}/${name}.sources`} -o Dir::Etc::sourceparts=/dev/null -o APT::Get::List-Cleanup=0 || exit 75
mv "$box/key.asc" "$box/key"`,
  );

const tryDnf = (box: string, name: string, layout: Layout): Script => sh`
printf %s ${layout.definition(`${box}/key`)} >"$box/"${name}.repo || exit 70
dnf -y --refresh --setopt=reposdir="$box" --repo=${name} makecache >&2 || exit 75`;

/** By way of a temp name in the target folder, where new files get that folder's SELinux label. */
const place = (layout: Layout): Script => sh`
place() {
  (umask 022; mkdir -p "\${2%/*}") && cp "$1" "$2.konverge" && chmod 644 "$2.konverge" && mv -f "$2.konverge" "$2"
}
printf %s ${layout.definition(layout.keyPath)} >"$box/definition"
place "$box/key" ${layout.keyPath} && place "$box/definition" ${layout.path} || exit 76`;

function stagesOf(name: string, layout: Layout): Stages {
  const from = 'url' in layout.key ? layout.key.url : 'the given text';
  const intact = { touched: false };
  return {
    70: { message: `repository ${name}: /var/lib/konverge cannot be written`, ...intact },
    71: {
      message: `repository ${name}: the host has neither curl nor wget`,
      mend: 'install curl on the host',
      ...intact,
    },
    72: {
      message: `repository ${name}: its key cannot be fetched from ${from}`,
      mend: `open ${from} from the host with curl -v`,
      ...intact,
    },
    73: {
      message: `repository ${name}: the key at ${from} is not the wished one`,
      mend: 'compare with what the publisher says; if the key was renewed, put its sha256 into the vars',
      ...intact,
    },
    74: {
      message: `repository ${name}: what ${from} answers is a web page, not a key`,
      mend: 'correct the url',
      ...intact,
    },
    75: {
      message: `repository ${name} cannot be read, or its signature is not good; nothing was configured`,
      mend: `check the address (it must hold ${layout.manager === 'apt' ? 'InRelease or Release' : 'repodata/repomd.xml'}) and that the key is the one it is signed with`,
      ...intact,
    },
    76: { message: `repository ${name}: ${layout.path} or ${layout.keyPath} cannot be written`, touched: true },
  };
}
