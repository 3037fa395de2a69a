/** Where a command writes: results to one stream, everything for people's eyes to the other. Tests give their own. */
import { storageFailure } from '../formats/node/storage-failure.ts';
import { exitCodes } from './exit-code.ts';

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
  // Notes that nobody can read stop no training.
  stderr.on('error', () => undefined);
  let isLost = false;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    // The reader may leave early, as `head` does; any other failure loses the results that were asked for.
    if (error.code === 'EPIPE' || isLost) return;
    isLost = true;
    stderr.write(`error: ${storageFailure('the results', error).message}\n`);
    process.once('exit', (code) => {
      if (code === exitCodes.ok) process.exitCode = exitCodes.runtime;
    });
  });
  const isPerson = Boolean(stderr.isTTY) && !environment['CI'] && environment['TERM'] !== 'dumb';
  return {
    environment,
    out: (text) => void stdout.write(disarmed(text)),
    note: (text) => void stderr.write(disarmed(text)),
    canRedraw: isPerson,
    hasColour: isPerson && !environment['NO_COLOR'],
    get columns() {
      // A terminal that does not know its width says 0.
      return stderr.columns || 80;
    },
  };
}

const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** A name as a terminal may show it: what would move the cursor, change colours or turn the direction of writing is spelt
 * out, `\u001b` for an escape. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, escaped);
}

/** A name for a table: printable, and a long one with its middle left out. @param most characters of what is returned */
export function shownName(name: string, most = 40): string {
  const characters = [...printable(name)];
  if (characters.length <= most) return characters.join('');
  const head = Math.ceil((most - 1) / 2);
  return `${characters.slice(0, head).join('')}…${characters.slice(characters.length - (most - 1 - head)).join('')}`;
}

/** Whole output: the last line of defence, for text that is put together elsewhere. Lines, bars and colours pass. */
function disarmed(text: string): string {
  return text.replace(/(\p{Cc})\[(?:\d+m|K)|[\p{Cc}\p{Bidi_Control}]/gu, (match, first?: string) => {
    if (first === '\u001b' || '\n\r\t'.includes(match)) return match;
    return escaped(match) + match.slice(1);
  });
}
