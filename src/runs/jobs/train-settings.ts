/** The settings of a training: what `args.json` holds, and all that decides which weights come out of it. */
import { batchMixersOf } from '../../augmentation/mixing-words.ts';
import { OptionError, ShapeError } from '../../core/errors.ts';
import { checkName } from '../../core/options.ts';
import {
  type ColorMode,
  channelsOf,
  checkPercentiles,
  type Interpolation,
  type LabelMode,
  type Preprocessing,
  type ResizeFit,
  type SampleType,
  type Sampling,
} from '../../data/index.ts';
import { lossOf } from '../../nn/losses/table.ts';
import type { MetricName } from '../../nn/metrics/table.ts';
import { Network, type SequentialPart } from '../../nn/network.ts';
import type { Optimizer } from '../../nn/optimizers/optimizer.ts';
import { type OptimizerName, optimizerOf } from '../../nn/optimizers/table.ts';
import { type ArchitectureName, architecture, defaultFilters } from '../../zoo/table.ts';
import { checkAugmentation } from './changed-pictures.ts';
import { type LossSettings, lossPartOf } from './loss-settings.ts';
import { scheduledLearningRate, type TrainingSchedule } from './training-schedule.ts';

/** Which network, of which size. */
export interface NetworkSettings {
  arch: ArchitectureName;
  /** Height and width of the pictures that the network sees. */
  size: number;
  /** `auto`: what the pictures' files have. */
  colorMode: ColorMode | 'auto';
  /** Of each block's convolution; the architecture's own where not given. */
  filters?: readonly number[] | undefined;
  /** Of the dense layer; the architecture's own where not given. */
  units?: number | undefined;
  dropout: number;
}

/** How pictures that are held out are chosen. */
export const splitKinds = ['random', 'grouped'] as const;

/** One of them. */
export type SplitKind = (typeof splitKinds)[number];

/** With what is found in the files. */
export type FoundSettings = NetworkSettings & { readonly channels?: number };

/** All settings of a training, with defaults filled in. Names are those of the flags, in camelCase. */
export interface TrainSettings extends NetworkSettings, LossSettings {
  /** The folder with one folder of pictures for each class. */
  folder: string;
  /** The share of each class that is held out for validation; 0 for none. */
  val: number;
  /** A separate folder for validation, instead of `val`. */
  valFolder?: string | undefined;
  /** Pictures for the final evaluation that neither training nor the choice of the best epoch sees. */
  testFolder?: string | undefined;
  groupBy?: string | undefined;
  /** `grouped` holds out whole groups that an audit found. */
  split?: SplitKind | undefined;
  /** The `audit.json` of a grouped split; that beside the folder where not given. */
  audit?: string | undefined;
  /** Folds of a cross-validation, instead of `val`. */
  cv?: number | undefined;
  /** Of a cross-validation only the fold that holds out this one, counted from 1. */
  fold?: number | undefined;
  fraction: number;
  strict: boolean;
  /** How pictures of other proportions come to the size. */
  fit: ResizeFit;
  interpolation: Interpolation;
  /** How deep the samples are that the network sees; as deep as those of the files where not given. */
  sampleType?: SampleType | 'auto' | undefined;
  /** Which percentiles of the training pictures become 0 and 255 where samples are deeper than bytes. */
  percentiles?: readonly number[] | undefined;
  /** The largest picture that is read, in pixels. */
  pixelLimit?: number | undefined;
  /** How training pictures are changed at random, by words: `flip`, `rotation=15`. */
  augment?: readonly string[] | undefined;
  /** How pictures of a batch are mixed, and their targets with them: `mixUp=0.2`, `cutMix`. */
  mix?: readonly string[] | undefined;
  /** `balanced`: each class as often in every epoch. */
  sampling?: Sampling | undefined;
  epochs: number;
  batchSize: number;
  stepsPerEpoch?: number | undefined;
  optimizer: OptimizerName;
  learningRate?: number | undefined;
  /** How the learning rate goes over all epochs; constant where not given. */
  schedule?: TrainingSchedule | undefined;
  /** Epochs in which it rises first; a part of one too. */
  warmupEpochs?: number | undefined;
  /** Of `sgd` and `rmsprop`. */
  momentum?: number | undefined;
  weightDecay?: number | undefined;
  /** Each weight's gradient is made at most this long. */
  clipnorm?: number | undefined;
  /** Legacy: divides the learning rate by 1 + decay · step. */
  decay?: number | undefined;
  metrics: readonly MetricName[];
  classWeight?: 'balanced' | undefined;
  seed: number;
  /** From which the split and the share of the pictures are drawn; the seed where not given. */
  splitSeed?: number | undefined;
  /** By which number the best epoch is chosen; `val_loss`, or `loss` without validation. */
  monitor?: string | undefined;
  patience?: number | undefined;
}

/** The settings for what the pictures turned out to be. */
export function settingsFor<Settings extends NetworkSettings>(
  settings: Settings,
  { colorMode, channels }: Pick<Preprocessing, 'colorMode' | 'channels'>,
): Settings & { readonly channels?: number } {
  return { ...settings, colorMode, channels };
}

/** Channels of the pictures. Until they are read, those that are left to the files count as red, green and blue. */
export function channelCount({ colorMode, channels }: FoundSettings): number {
  return colorMode === 'auto' || colorMode === 'channels' ? (channels ?? 3) : channelsOf(colorMode, channels);
}

/** The layers for pictures of these settings. @throws OptionError where a parameter is wrong */
export function layersOf(settings: FoundSettings, classes: number): SequentialPart[] {
  const { arch, size, filters, units, dropout } = settings;
  const inputShape = [size, size, channelCount(settings)] as const;
  return architecture(arch, {
    inputShape,
    classes,
    dropout,
    ...(filters && { filters }),
    ...(units !== undefined && { units }),
  });
}

/** The network for pictures of these settings, not yet on any backend. @throws ShapeError where the size is too small */
export function networkOf(settings: FoundSettings, classes: number): Network {
  try {
    return build(settings, classes);
  } catch (cause) {
    const least = cause instanceof ShapeError ? leastSize(settings, classes) : undefined;
    if (least === undefined) throw cause;
    const { size, filters = defaultFilters[settings.arch] } = settings;
    throw new ShapeError(
      `${(cause as Error).message} With ${filters.length} ${filters.length === 1 ? 'block' : 'blocks'} ` +
        `(--filters ${filters.join()}), expected --size of at least ${least}, received ${size}: raise --size, or give fewer --filters.`,
      { cause },
    );
  }
}

function build(settings: FoundSettings, classes: number): Network {
  return Network.sequential(layersOf(settings, classes));
}

/** The least size that the network takes, where there is one: found by halving, for what a size fits a larger one does. */
function leastSize(settings: FoundSettings, classes: number): number | undefined {
  const fits = (size: number) => {
    try {
      return Boolean(build({ ...settings, size }, classes));
    } catch {
      return false;
    }
  };
  let low = settings.size;
  let high = 2 ** 14;
  if (!fits(high)) return undefined;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** The optimizer of these settings. @param stepsPerEpoch which only a schedule sees @throws OptionError where it does not take one
 * of them */
export function optimizerFor(
  { optimizer, ...settings }: TrainSettings,
  stepsPerEpoch: number = settings.stepsPerEpoch ?? 1,
): Optimizer {
  const { momentum, weightDecay, clipnorm, decay } = settings;
  const rate = settings.learningRate ?? optimizerOf('train', optimizer).learningRate;
  const learningRate = scheduledLearningRate(settings, rate, stepsPerEpoch);
  const given = Object.entries({ learningRate, momentum, weightDecay, clipnorm, decay });
  return optimizerOf('train', optimizer, Object.fromEntries(given.filter(([, value]) => value !== undefined)));
}

/** The form of the targets that the loss expects. */
export function labelModeOf({ loss }: TrainSettings): LabelMode {
  return lossOf(loss).targets === 'classNumber' ? 'int' : 'categorical';
}

/** True where pictures are held out. */
export function hasValidation({ val, valFolder, cv }: TrainSettings): boolean {
  return val > 0 || valFolder !== undefined || cv !== undefined;
}

/** The share that is held out where nobody says: none beside a folder of its own, or folds. */
export function defaultShare({ valFolder, cv }: Pick<TrainSettings, 'valFolder' | 'cv'>): number {
  return valFolder === undefined && cv === undefined ? 0.2 : 0;
}

/** By which number the best epoch is chosen. */
export function monitorOf(settings: TrainSettings): string {
  return settings.monitor ?? (hasValidation(settings) ? 'val_loss' : 'loss');
}

/**
 * Checks before any picture is read what can be checked then: settings against each other, and the network's shapes.
 *
 * @throws OptionError or ShapeError; the message says which setting or layer
 */
export function checkTrainSettings(settings: TrainSettings): void {
  const { metrics, monitor, percentiles } = settings;
  checkSplitSettings(settings);
  if (percentiles) checkPercentiles('train', percentiles);
  optimizerFor(settings);
  checkLossSettings(settings);
  if (monitor !== undefined) {
    const own = ['loss', ...metrics];
    const known = hasValidation(settings) ? [...own.map((name) => `val_${name}`), ...own] : own;
    checkName('train', 'monitor', monitor, known);
  }
  // The number of classes is not known yet, and no layer but the last depends on it.
  networkOf(settings, 2);
  checkAugmentation('train', settings, channelCount(settings));
}

function checkLossSettings(settings: TrainSettings): void {
  const { mix = [], sampling, classWeight, loss } = settings;
  lossPartOf(settings);
  if (batchMixersOf('train', mix).length > 0 && labelModeOf(settings) === 'int') {
    throw new OptionError(
      `train: --mix makes targets that are shares of classes, received --loss ${loss}, whose targets are class numbers. ` +
        'Use --loss categoricalCrossentropy.',
    );
  }
  if (sampling === 'balanced' && classWeight === 'balanced') {
    throw new OptionError(
      'train: expected --sampling balanced or --class-weight balanced, received both: rare classes would count twice. Leave one out.',
    );
  }
}

/** Checks how pictures are held out. @throws OptionError where settings do not go together */
export function checkSplitSettings(settings: TrainSettings): void {
  const { val, valFolder, testFolder, groupBy, split, audit, cv, fold } = settings;
  if (val > 0 && valFolder !== undefined) {
    throw new OptionError(
      `train: expected --val or --val-folder, received both (${val} and ${valFolder}). Leave one out.`,
    );
  }
  if (cv !== undefined && (val > 0 || valFolder !== undefined || testFolder !== undefined)) {
    const folder = valFolder === undefined ? `--test-folder ${testFolder}` : `--val-folder ${valFolder}`;
    const other = val > 0 ? `--val ${val}` : folder;
    throw new OptionError(`train: --cv holds out each picture once, received also ${other}. Leave one out.`);
  }
  if (fold !== undefined && (cv === undefined || fold > cv)) {
    const received = cv === undefined ? 'no --cv' : `--cv ${cv}`;
    throw new OptionError(
      `train: --fold ${fold} is one of the folds of --cv, received ${received}. Write --cv 5 --fold 2.`,
    );
  }
  const holdsOut = val > 0 || cv !== undefined;
  if (groupBy !== undefined && !holdsOut) {
    throw new OptionError('train: --group-by needs pictures to hold out, received it with no --val. Add --val 0.2.');
  }
  if (split === 'grouped' && !holdsOut) {
    throw new OptionError('train: --split grouped needs pictures to hold out, received no --val. Add --val 0.2.');
  }
  if (split !== undefined && groupBy !== undefined) {
    throw new OptionError(`train: --group-by makes groups of its own, received also --split ${split}. Leave one out.`);
  }
  if (audit !== undefined && split !== 'grouped') {
    throw new OptionError(
      'train: --audit names the groups of --split grouped, received it alone. Add --split grouped.',
    );
  }
}
