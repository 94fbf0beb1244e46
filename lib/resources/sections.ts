/** The answer of a probe that titles its parts `#name`: asks for one part's lines, trimmed, without empty ones. */
export function sectionsOf(text: string): (name: string) => readonly string[] {
  const parts = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of text.split('\n').map((each) => each.trim())) {
    const title = /^#([a-z0-9-]+)$/.exec(line)?.[1];
    if (title !== undefined) {
      current = [];
      parts.set(title, current);
    } else if (line !== '') current.push(line);
  }
  return (name) => parts.get(name) ?? [];
}
