/** File names in command lines that a person may copy. */

/** The name as a POSIX shell reads it as one word: quoted where it needs to be. */
export function shellWord(name: string): string {
  if (/^[\w@%+=:,./-]+$/.test(name) && !name.startsWith('-')) return name;
  const quoted = `'${name.replaceAll("'", "'\\''")}'`;
  return name.startsWith('-') ? `./${quoted}` : quoted;
}
