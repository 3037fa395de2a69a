/** Where callbacks print: standard output, in Node and in pages. */

/** 0 prints nothing, 1 what was done. */
export type Verbosity = 0 | 1;

/** Prints a line where the verbosity says so. */
export function print(verbose: Verbosity | undefined, line: string): void {
  if (verbose === 1) console.log(line);
}
