/** Names that a system which ignores case, as that of macOS and Windows, takes for one. */

/** Lists of names that are equal but for upper and lower case, and for how accents are composed. */
export function sameButForCase(names: readonly string[]): string[][] {
  const folded = new Map<string, string[]>();
  for (const name of names) {
    const key = name.normalize('NFC').toLowerCase();
    const others = folded.get(key);
    if (others) others.push(name);
    else folded.set(key, [name]);
  }
  return [...folded.values()].filter((same) => same.length > 1);
}
