/** Writes the numbers of each epoch into a CSV file. */
import { OptionError } from '../../core/errors.ts';
import { checkKeys, show } from '../../core/options.ts';
import type { Callback } from './callback.ts';
import { pythonFloat } from './python-number.ts';

/** Options of `csvLogger`, named as in Keras. */
export interface CSVLoggerOptions {
  /** One character; default a comma. */
  separator?: string;
  /** True goes on with a file that is there; default false: it is begun anew. */
  append?: boolean;
}

/**
 * A callback that writes a line for each epoch, as Keras byte for byte: `epoch` from 0, then the other numbers in the order of
 * their names; `NA` for one that an epoch does not have. Needs Node.
 *
 * @throws StorageError where the file cannot be written
 * @example
 * await model.fit(x, y, { epochs: 5, callbacks: [csvLogger('training.csv')] });
 */
export function csvLogger(filename: string, options: CSVLoggerOptions = {}): Callback {
  checkKeys('csvLogger', options, ['separator', 'append']);
  const { separator = ',', append = false } = options;
  if (typeof separator !== 'string' || [...separator].length !== 1 || '"\r\n'.includes(separator)) {
    throw new OptionError(`csvLogger: separator must be one character, received ${show(separator)}.`);
  }
  let names: readonly string[] | undefined;
  let isHeaderWritten = false;
  const quote = (text: string) =>
    ['"', '\r', '\n', separator].some((part) => text.includes(part)) ? `"${text.replaceAll('"', '""')}"` : text;
  const line = (cells: readonly string[]) => `${cells.map(quote).join(separator)}\r\n`;
  return {
    async onTrainBegin() {
      const files = await import('../../formats/node/log-files.ts');
      names = undefined;
      isHeaderWritten = append && (await files.hasContent(filename));
      if (!isHeaderWritten) await files.startLogFile(filename, '');
    },
    async onEpochEnd(epoch, logs) {
      const { appendLogFile } = await import('../../formats/node/log-files.ts');
      names ??= columnsOf(Object.keys(logs));
      const header = isHeaderWritten ? '' : line(['epoch', ...names]);
      const cells = names.map((name) => (logs[name] === undefined ? 'NA' : pythonFloat(logs[name])));
      await appendLogFile(filename, header + line([String(epoch), ...cells]));
      isHeaderWritten = true;
    },
  };
}

/** In order; where the first epoch had no validation, with columns for one that comes later. */
function columnsOf(known: readonly string[]): readonly string[] {
  const sorted = known.toSorted();
  const isValidated = sorted.some((name) => name.startsWith('val_'));
  return isValidated ? sorted : [...sorted, ...sorted.map((name) => `val_${name}`)];
}
