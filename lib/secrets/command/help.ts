/** One screen, as of every subcommand. */
export const overview = (program: string): string => `Usage: ${program} COMMAND [options]

Keeps secrets encrypted in the vars files, with age (docs/secrets.md).

  keygen [FILE]            a new identity; prints its public key
  encrypt                  asks for a value, prints what to paste into a vars file
  encrypt --in FILE --key PATH
                           puts the value into the file itself
  encrypt FILE             a whole vars file, to FILE.age
  edit FILE                an encrypted file, in $EDITOR
  rekey [FOLDER]           everything encrypted anew, for the recipients there are now

Recipients (public keys, age1…) stand one a line in .age-recipients beside package.json.
The identity to decrypt with: KONVERGE_AGE_IDENTITY (the key itself),
KONVERGE_AGE_IDENTITY_FILE, else ~/.config/konverge/age.txt.

COMMAND --help says more. Exit codes: 0 done, 3 bad input, 130 interrupted.
`;

export const helpOf: Readonly<Record<string, (program: string) => string>> = {
  keygen: (program) => `Usage: ${program} keygen [FILE]

Makes an identity in FILE (default ~/.config/konverge/age.txt, mode 600), which is never
overwritten, and prints its public key. Whoever has the file can decrypt.

  ${program} keygen
  ${program} keygen >> .age-recipients
`,
  encrypt: (program) => `Usage: ${program} encrypt [-r age1…] [--in FILE --key PATH | FILE]

Without FILE it asks for a value on the terminal, where it is not shown, or reads it from
standard input: of a single line without its line end, several lines as they are.
It prints a YAML value to paste, or puts it into FILE at PATH; comments and all else stay.

      --in FILE --key PATH   for example --key keepalived.authPass or --key 'users.0."a.b"'
  -r, --recipient AGE1…      who can decrypt; again, or A,B (default: .age-recipients)

  ${program} encrypt
  ${program} encrypt --in group_vars/control-plane.yaml --key keepalived.authPass
  openssl rand -hex 16 | ${program} encrypt --in group_vars/all.yaml --key token
  ${program} encrypt group_vars/workers.yaml
`,
  edit: (program) => `Usage: ${program} edit FILE [-r age1…]

Opens an encrypted file in $VISUAL, $EDITOR or vi: its text is in memory (/dev/shm) and for
you alone, and gone afterwards whatever happens. What is no YAML is not saved.

  -r, --recipient AGE1…      who can decrypt; again, or A,B (default: .age-recipients)

  ${program} edit group_vars/workers.yaml.age
`,
  rekey: (program) => `Usage: ${program} rekey [FOLDER] [-r age1…]

Encrypts every !age value and every encrypted file of FOLDER (default: group_vars beside
package.json) anew, for the recipients there are now. All or nothing.

  -r, --recipient AGE1…      who can decrypt; again, or A,B (default: .age-recipients)

  ${program} rekey
  ${program} rekey -r age1…,age1…
`,
};
