/** Ways to mix the pictures of a batch as a person types them: `mixUp=0.2,cutMix`. */
import { OptionError } from '../core/errors.ts';
import { checkName } from '../core/options.ts';
import { type BatchMixer, cutMix, mixUp } from './batch-mixer.ts';

const rows = {
  mixUp: { usual: 0.2, make: (alpha: number) => mixUp({ alpha }) },
  cutMix: { usual: 1, make: (alpha: number) => cutMix({ alpha }) },
} as const;

/** One line for each: its name with the number that it has by itself. */
export const mixingHelp: readonly string[] = [
  `mixUp=${rows.mixUp.usual}: blended with another picture`,
  `cutMix=${rows.cutMix.usual}: a rectangle of another picture`,
];

/**
 * The mixers that words ask for; of several, `augment` draws one for each batch.
 *
 * @param words each a name, or `name=alpha`
 * @throws OptionError where a name is unknown or given twice, or alpha is not above 0
 * @example
 * const mixed = augment(training, [], { batchMix: batchMixersOf('train', ['mixUp=0.4', 'cutMix']) });
 */
export function batchMixersOf(where: string, words: readonly string[]): BatchMixer[] {
  const seen = new Set<string>();
  return words.map((word) => {
    const [written, text] = word.split('=') as [string, string?];
    const name = checkName(where, 'way to mix', written.trim(), ['mixUp', 'cutMix']);
    if (seen.has(name)) {
      throw new OptionError(`${where}: expected each way to mix once, received ${name} twice. Leave one out.`);
    }
    seen.add(name);
    const { usual, make } = rows[name];
    if (text === undefined) return make(usual);
    const alpha = text.trim() === '' ? Number.NaN : Number(text);
    if (alpha > 0 && Number.isFinite(alpha)) return make(alpha);
    throw new OptionError(
      `${where}: expected ${name} with a number above 0, received "${word}". Write ${name}=${usual}.`,
    );
  });
}
