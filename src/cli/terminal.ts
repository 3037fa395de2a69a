/** Where a command writes: results to one stream, everything for people's eyes to the other. Tests give their own. */

/** The two streams and what is known of the second. */
export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Results: what another program may read. */
  out(text: string): void;
  /** Progress, warnings and errors. */
  note(text: string): void;
  /** Whether lines may be drawn again. */
  readonly canRedraw: boolean;
  readonly hasColour: boolean;
  readonly columns: number;
}

/** The process's own streams. Colour and redrawing are for people: not with NO_COLOR, not in CI. */
export function processTerminal(): Terminal {
  const { env: environment, stdout, stderr } = process;
  for (const stream of [stdout, stderr]) {
    // The reader may leave early, as `head` does.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0);
      throw error;
    });
  }
  const isPerson = Boolean(stderr.isTTY) && !environment['CI'] && environment['TERM'] !== 'dumb';
  return {
    environment,
    out: (text) => void stdout.write(text),
    note: (text) => void stderr.write(text),
    canRedraw: isPerson,
    hasColour: isPerson && !environment['NO_COLOR'],
    get columns() {
      // A terminal that does not know its width says 0.
      return stderr.columns || 80;
    },
  };
}

const codes = { bold: 1, red: 31, green: 32, yellow: 33, grey: 90 } as const;

/** The text in a colour, where the terminal has any. */
export function coloured({ hasColour }: Terminal, colour: keyof typeof codes, text: string): string {
  return hasColour && text !== '' ? `\u001b[${codes[colour]}m${text}\u001b[0m` : text;
}
