/** The loss of a training with the options that flags set. */
import { OptionError } from '../../core/errors.ts';
import { checkLoss, type LossName, type LossPart, lossNames, lossRows } from '../../nn/losses/table.ts';

/** Which loss, with which of its options; those that are not given are the loss's own. */
export interface LossSettings {
  loss: LossName;
  /** How much of each target is shared among all classes. */
  labelSmoothing?: number | undefined;
  /** How fast a focal loss lets pictures count less that are right already. */
  focalGamma?: number | undefined;
  /** The weight of a focal loss. */
  focalAlpha?: number | undefined;
}

/** The option of the loss that each setting is, and its flag. */
const options = {
  labelSmoothing: ['labelSmoothing', '--label-smoothing'],
  focalGamma: ['gamma', '--focal-gamma'],
  focalAlpha: ['alpha', '--focal-alpha'],
} as const;

/** The loss. @throws OptionError where it has no such option, or not this value */
export function lossPartOf(settings: LossSettings): LossPart {
  const config: Record<string, number> = {};
  for (const [key, [option, flag]] of Object.entries(options)) {
    const value = settings[key as keyof typeof options];
    if (value === undefined) continue;
    if (!hasOption(settings.loss, option)) {
      const able = lossNames.filter((name) => hasOption(name, option));
      throw new OptionError(
        `train: ${flag} is for ${able.join(', ')}, received --loss ${settings.loss}. Choose one of them, or leave ${flag} out.`,
      );
    }
    config[option] = value;
  }
  return checkLoss('train', Object.keys(config).length === 0 ? settings.loss : { name: settings.loss, config });
}

function hasOption(loss: LossName, option: string): boolean {
  return Object.hasOwn(lossRows[loss].defaults, option);
}
