const mends: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'indent with spaces, YAML knows no tabs',
  BLOCK_AS_IMPLICIT_KEY: 'quote a value that holds ": ", or begin a new line',
  MISSING_CHAR: 'close the quote or bracket, or put the missing colon',
  BAD_INDENT: 'line it up with its neighbours, and close every bracket',
  MULTIPLE_DOCS: 'remove the second ---: one file holds one map',
  TAG_RESOLVE_FAILED: 'the tags known here are !env NAME and !age',
  BAD_SCALAR_START: 'quote a value that begins with @ or `',
  BAD_DQ_ESCAPE: 'use single quotes around text with backslashes',
};

/** What to do about an error or warning of the yaml package (its `code`), where that is known. */
export function syntaxMend(code: string): string | undefined {
  return mends[code];
}
