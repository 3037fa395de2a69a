/** The options of test-time augmentation, for the commands that ask a trained model. */
import type { TtaSettings } from '../../runs/jobs/augmented-answers.ts';
import type { OptionTable } from './option.ts';

/** Which views of each picture are asked about. */
export interface TtaOptions {
  tta?: readonly string[];
  ttaCount: number;
  seed: number;
}

/** The options. */
export const ttaOptions: OptionTable<TtaOptions> = {
  tta: {
    kind: 'words',
    group: 'Views',
    placeholder: 'words',
    help: 'average the answers over views of each picture: all of flip, flipVertical and rot90 (2, 4 or 8), else random ones; words as for train --augment',
  },
  ttaCount: {
    kind: 'number',
    group: 'Views',
    rule: { integer: true, min: 1, max: 1000 },
    default: 8,
    help: 'views where they are random, the picture as it is among them',
  },
  seed: {
    kind: 'number',
    group: 'Views',
    rule: { integer: true, min: 0, max: 2 ** 31 - 1 },
    default: 0,
    help: 'from which random views are drawn',
  },
};

/** The settings; none where no view is asked for. */
export function ttaSettingsOf({ tta = [], ttaCount, seed }: TtaOptions): TtaSettings | undefined {
  return tta.length === 0 ? undefined : { words: tta, count: ttaCount, seed };
}
