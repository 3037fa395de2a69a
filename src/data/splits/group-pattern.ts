/** Groups of pictures that belong together, read from their file names by a regular expression. */
import { DataError, OptionError } from '../../core/errors.ts';
import { nameSome, type PictureFile } from '../picture-file.ts';

/** A regular expression, or its text. */
export type GroupPattern = string | RegExp;

/**
 * Reads a pattern.
 *
 * @throws OptionError where the text is not a regular expression, or has no capture group
 */
export function parseGroupPattern(pattern: GroupPattern): RegExp {
  let expression: RegExp;
  try {
    // Without `g` and `y`, a match does not depend on the match before it.
    expression =
      typeof pattern === 'string'
        ? new RegExp(pattern)
        : new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''));
  } catch (cause) {
    throw new OptionError(
      `groupBy: expected a regular expression, received "${pattern}" (${(cause as Error).message}). ` +
        'Write one such as "^_(\\d+)_".',
      { cause },
    );
  }
  // With an empty alternative the expression always matches, and its result lists all capture groups.
  const captures = new RegExp(`${expression.source}|`, expression.flags).exec('')!.length - 1;
  if (captures === 0) {
    throw new OptionError(
      `groupBy: expected a regular expression with a capture group, received "${expression.source}". ` +
        'Put parentheses around the part that pictures of one group share, such as "^_(\\d+)_".',
    );
  }
  return expression;
}

/**
 * The group of each file: its class and the captured text, because numbering often starts again in each class.
 *
 * @returns groups such as `EOSINOPHIL/12` by path; several captures are joined by `/`
 * @throws DataError that names files which do not match
 */
export function groupsOf(
  files: readonly PictureFile[],
  classNames: readonly string[],
  pattern: GroupPattern,
): Map<string, string> {
  const expression = parseGroupPattern(pattern);
  const groups = new Map<string, string>();
  const unmatched: string[] = [];
  for (const { path, label } of files) {
    const captured = expression.exec(path.slice(path.lastIndexOf('/') + 1))?.slice(1);
    if (captured?.some(Boolean)) groups.set(path, [classNames[label], ...captured].join('/'));
    else unmatched.push(path);
  }
  if (unmatched.length > 0) {
    throw new DataError(
      `groupBy: expected every file name to match ${expression}, received ${unmatched.length} of ${files.length} ` +
        `that do not: ${nameSome(unmatched)}. Change the pattern so that it captures the group in these names too, ` +
        'or move these files out of the folder.',
    );
  }
  return groups;
}
