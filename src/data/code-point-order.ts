/** Comparing texts by code points, as Python sorts them: class numbers then agree with Keras's on any file name. */

/** Negative where `a` comes before `b`, positive where it comes after, 0 where they are equal; for `sort`. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    if (a.charCodeAt(index) === b.charCodeAt(index)) continue;
    // UTF-16 orders surrogates below U+E000…U+FFFF; whole code points put them above.
    return a.codePointAt(index)! - b.codePointAt(index)!;
  }
  return a.length - b.length;
}
