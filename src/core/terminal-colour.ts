/** Colours of terminals, by ECMA-48's "select graphic rendition". */

/** What is known of where text is shown. */
export interface Screen {
  readonly hasColour: boolean;
  readonly columns: number;
}

const codes = { bold: 1, red: 31, green: 32, yellow: 33, grey: 90 } as const;

/** The text in a colour, where the terminal has any. */
export function coloured({ hasColour }: Pick<Screen, 'hasColour'>, colour: keyof typeof codes, text: string): string {
  return hasColour && text !== '' ? `\u001b[${codes[colour]}m${text}\u001b[0m` : text;
}
