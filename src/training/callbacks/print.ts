/** Where callbacks print: standard output in Node, the console in pages. */
import type { Screen } from '../../core/terminal-colour.ts';

/** 0 prints nothing, 1 what was done. */
export type Verbosity = 0 | 1;

/** Prints a line where the verbosity says so. */
export function print(verbose: Verbosity | undefined, line: string): void {
  if (verbose === 1) console.log(line);
}

/** Where text is printed piece by piece. */
export interface Output extends Screen {
  /** A line can be drawn again. */
  readonly canRedraw: boolean;
  write(text: string): void;
}

interface StandardStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Standard output; in a page whole lines go to the console. */
export function standardOutput(): Output {
  const { process } = globalThis as {
    process?: { stdout?: StandardStream; env?: Readonly<Record<string, string | undefined>> };
  };
  const { stdout, env = {} } = process ?? {};
  if (!stdout) return { canRedraw: false, hasColour: false, columns: 80, write: (text) => console.log(text.trimEnd()) };
  const canRedraw = stdout.isTTY === true && !env['CI'] && env['TERM'] !== 'dumb';
  return {
    canRedraw,
    hasColour: canRedraw && !env['NO_COLOR'],
    // A terminal that does not know its width says 0.
    columns: stdout.columns || 80,
    write: (text) => void stdout.write(text),
  };
}
