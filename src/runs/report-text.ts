/** Every sentence and word of the report, in English, and how it writes numbers. Another language is another object of the
 * same type. */
import type { OverFitting } from './over-fitting.ts';
import type { EvaluationReport, OptimizerSummary, ReportData, RunEnding, TrainingTreatment } from './report-data.ts';
import { describeTreatment } from './treatment-text.ts';

/** A space that does not break and is narrow: between a number and its unit. */
const thin = '\u202f';

function formatNumber(value: number): string {
  return value.toLocaleString('en-GB', { maximumFractionDigits: 0 });
}

/** Per cent with one decimal. Nearly all is never written as all. */
function formatPercent(share: number): string {
  const digits = (share * 100).toFixed(1);
  return `${digits === '100.0' && share < 1 ? '>\u202f99.9' : digits}${thin}%`;
}

/** A loss or a metric: four significant digits, and never more decimals than mean something. */
function formatQuantity(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0 || Math.abs(value) < 0.0001) return value === 0 ? '0' : value.toExponential(2);
  return Math.abs(value) >= 1000 ? formatNumber(value) : value.toPrecision(4);
}

function countPictures(count: number): string {
  return count === 1 ? '1 picture' : `${formatNumber(count)} pictures`;
}

function countEpochs(count: number): string {
  return count === 1 ? '1 epoch' : `${formatNumber(count)} epochs`;
}

function listNames(names: readonly string[]): string {
  const shown = names.length > 6 ? [...names.slice(0, 5), `${names.length - 5} others`] : names;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** What the curves show, and from when. */
export function describeOverFitting(found: OverFitting): string {
  const { kind, fromEpoch, bestEpoch, bestLoss, lateLoss, trainingLoss, lateTrainingLoss, gap, lateGap } = found;
  const validation =
    kind === 'rising'
      ? `the validation loss was lowest in epoch ${bestEpoch} (${formatQuantity(bestLoss)}) and has risen to ${formatQuantity(lateLoss)}`
      : `the validation loss has hardly become better since about epoch ${fromEpoch} (lowest ${formatQuantity(bestLoss)}, in epoch ${bestEpoch})`;
  return (
    `Over-fitting: ${validation}, while the training loss went on falling, from ${formatQuantity(trainingLoss)} to ` +
    `${formatQuantity(lateTrainingLoss)}; the gap between them went from ${formatQuantity(gap)} to ${formatQuantity(lateGap)}. ` +
    `From epoch ${fromEpoch} on the network learns its training pictures by heart.`
  );
}

/** What to try, in the order of how little it takes. */
export const overFittingAdvice: string =
  'Against it: stop at the best epoch (--patience; in code earlyStopping with restoreBestWeights), more dropout (--dropout), an ' +
  'L2 penalty or a max-norm constraint on the weights, data augmentation, a smaller network (fewer --filters or --units), and ' +
  'above all more pictures.';

const overFittingRule: Readonly<Record<OverFitting['kind'], string>> = {
  rising:
    'at least two epochs follow the best one, and the mean of the last three at most is more than a tenth above it',
  gap: 'the second half of the epochs hardly betters the validation loss, the training loss falls by 30\u202f% or more, and the gap grows by half or more',
};

/** The report in English. */
export const englishText = {
  language: 'en',
  number(value: number): string {
    return formatNumber(value);
  },
  percent(share: number): string {
    return formatPercent(share);
  },
  quantity(value: number): string {
    return formatQuantity(value);
  },
  pictures(count: number): string {
    return countPictures(count);
  },

  date(iso: string): string {
    const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
    return `${format.format(new Date(iso))} UTC`;
  },

  duration(seconds: number): string {
    const whole = Math.round(seconds);
    if (whole < 60) return seconds < 10 ? `${seconds.toFixed(1)}${thin}s` : `${whole}${thin}s`;
    const minutes = Math.floor(whole / 60);
    if (minutes < 60) return `${minutes}${thin}min ${whole % 60}${thin}s`;
    return `${Math.floor(minutes / 60)}${thin}h ${minutes % 60}${thin}min`;
  },

  bytes(count: number): string {
    const [size, unit] = count >= 2 ** 30 ? [count / 2 ** 30, 'GiB'] : [count / 2 ** 20, 'MiB'];
    return `${size.toFixed(size < 10 ? 1 : 0)}${thin}${unit}`;
  },

  /** `where` is how many pictures, and from how many sources, were asked. */
  verdict(evaluation: EvaluationReport, groups: string | undefined): string {
    const { pictures: count, seen, accuracy, interval, baseline } = evaluation;
    const source = groups === undefined ? '' : ` from ${groups}`;
    const history = { never: ' that it never saw', training: ' that it was trained on', unknown: '' }[seen];
    const range = `${(interval.low * 100).toFixed(1)}–${formatPercent(interval.high)}`;
    const rest = `always answering “${baseline.className}” would be right in ${formatPercent(baseline.accuracy)}`;
    return `On ${countPictures(count)}${source}${history}, the model was right in ${formatPercent(accuracy)} (95${thin}% interval ${range}); ${rest}.`;
  },
  noVerdict:
    'No pictures were set aside in this run, so nothing here says how well the model does on pictures it has not seen.',
  noBetterThanBaseline(className: string): string {
    return `That is not clearly better than always answering “${className}”: the model has learned little that helps on these pictures.`;
  },
  groups(count: number, [one, many]: readonly [string, string]): string {
    return `${formatNumber(count)} ${count === 1 ? one : many}`;
  },
  defaultGroupNoun: ['source', 'sources'] as readonly [string, string],

  intervalChart: 'Accuracy with its interval, beside the baseline',
  intervalDescription({ accuracy, interval, baseline }: EvaluationReport): string {
    return `On a line from 0 to 100${thin}%: the model's accuracy at ${formatPercent(accuracy)}, its 95${thin}% interval from ${formatPercent(interval.low)} to ${formatPercent(interval.high)}, and the baseline, always answering “${baseline.className}”, at ${formatPercent(baseline.accuracy)}.`;
  },
  model: 'the model',
  baseline: 'one answer for all',

  accuracy: 'Accuracy',
  intervalOf95: `95${thin}% interval`,
  baselineLong: 'Baseline',
  pictureCount: 'Pictures',
  trainingTime: 'Time',
  epochCount: 'Epochs',

  warningsHeading: 'Before you rely on it',
  randomSplitWarning:
    'The pictures were set aside at random. Where several of them show the same thing (one slide, one patient, one scene), the model has seen near-copies of what it is asked, and the result is too good. If the file names tell what belongs together, split by it with --group-by.',
  chosenOnSameWarning(key: string): string {
    return `The best epoch was chosen by ${key}, on these same pictures: expect somewhat less on new ones.`;
  },
  clusteredWarning(groups: string): string {
    return `The interval takes the pictures to be independent. They come from only ${groups}, and pictures of one are alike, so the real uncertainty is larger.`;
  },
  seenWarning: 'These are pictures that the model was trained on: they say nothing about new ones.',
  noEvaluationWarning: 'Set pictures aside with --val, --val-folder or --group-by to learn how good the model is.',
  skippedWarning(count: number): string {
    return `${count === 1 ? '1 file was' : `${formatNumber(count)} files were`} skipped because they could not be read. They are listed below, under Data.`;
  },
  overFittingWarning(found: OverFitting): string {
    return `${describeOverFitting(found)} ${overFittingAdvice} (Said when ${overFittingRule[found.kind]}.)`;
  },
  emptyClassWarning(names: readonly string[]): string {
    return `No picture of ${listNames(names)} was among those asked about, so nothing is known of how well the model finds ${names.length === 1 ? 'it' : 'them'}.`;
  },
  neverAnsweredWarning(names: readonly string[]): string {
    return `The model never answered ${listNames(names)}.`;
  },
  endingWarning({ reason, epochs: done, plannedEpochs }: RunEnding): string | undefined {
    const part = `after ${formatNumber(done)} of ${countEpochs(plannedEpochs)}`;
    if (reason === 'interrupted') return `The run was interrupted ${part}; it can go on with --resume.`;
    if (reason === 'diverged') {
      return `The loss stopped being a number ${part}. The best model until then was kept; a smaller learning rate usually helps.`;
    }
    return undefined;
  },

  reportHeading: 'Class by class',
  reportExplanation:
    'Precision: when the model answers this class, how often is it right? Recall: of the pictures of this class, how many does it find? F1 is the harmonic mean of the two; support is the number of pictures.',
  class: 'Class',
  precision: 'Precision',
  recall: 'Recall',
  f1: 'F1',
  support: 'Support',
  macroAverage: 'Mean of classes',
  weightedAverage: 'Mean of pictures',
  reportAsText: 'The same as scikit-learn prints it',

  matrixHeading: 'What is taken for what',
  matrixExplanation:
    'Each row is what the pictures are, each column what the model said; the framed diagonal is right. The colour is the share of the row.',
  matrixCaption: 'Confusion matrix: number of pictures, and share of the row',
  trueClass: 'True class',
  predictedClass: 'Answer',
  frequentConfusions: 'Most frequent mix-ups',
  confusion(count: number, share: number, trueClass: string, predictedClass: string): string {
    return `${trueClass} taken for ${predictedClass}: ${countPictures(count)}, ${formatPercent(share)} of them`;
  },
  noConfusions: 'Not one picture was mistaken.',
  matrixTooLarge(classes: number): string {
    return `With ${formatNumber(classes)} classes the whole matrix is too large for a page: it is in report.json.`;
  },

  mistakesHeading: 'The most confident mistakes',
  mistakesExplanation:
    'Wrong answers of which the model was most sure. Look here first: some are labels that are wrong, some show what it does not understand.',
  mistake(trueClass: string, predictedClass: string, probability: number): string {
    return `A picture of ${trueClass}, taken for ${predictedClass} with ${formatPercent(probability)}`;
  },
  said: 'said',
  is: 'is',

  curvesHeading: 'How it learned',
  curvesExplanation(ending: RunEnding | undefined, key: string | undefined, bestEpoch: number | undefined): string {
    const length =
      ending === undefined ? '' : `${countEpochs(ending.epochs)} of ${formatNumber(ending.plannedEpochs)}. `;
    const early = ending?.reason === 'stopped-early' ? 'Training stopped early because nothing got better. ' : '';
    const best = bestEpoch === undefined ? '' : `The best epoch is ${bestEpoch}, by ${key}; its model was kept.`;
    return `${length}${early}${best}`;
  },
  training: 'training',
  validation: 'validation',
  epoch: 'epoch',
  bestEpoch(epoch: number): string {
    return `best: ${epoch}`;
  },
  curveTitle(key: string, isLogarithmic: boolean): string {
    return `${key} by epoch${isLogarithmic ? ', logarithmic scale' : ''}`;
  },
  /** One curve in words. */
  curveDescription(name: string, first: number, last: number, lowest: number, highest: number): string {
    return `${name} starts at ${formatQuantity(first)} and ends at ${formatQuantity(last)} (lowest ${formatQuantity(lowest)}, highest ${formatQuantity(highest)})`;
  },
  bestEpochDescription(epoch: number): string {
    return `Epoch ${epoch} is marked as the best.`;
  },
  allValues: 'All values as a table',

  dataHeading: 'Data',
  splitExplanation({ split, groupNoun }: ReportData): string {
    const { method, pattern, groupSource, fraction, seed, fold } = split;
    const part = fraction === undefined ? 'Some' : `About ${formatPercent(fraction)}`;
    const share = fold ? `Fold ${fold.number} of ${fold.of}, about ${formatPercent(1 / fold.of)}` : part;
    const draw = seed === undefined ? '' : ` (seed ${seed})`;
    const [one] = groupNoun ?? ['source'];
    const rule =
      groupSource === undefined
        ? `A picture's ${one} is its class and what ${pattern ?? 'the rule'} finds in its file name.`
        : `Which pictures have one ${one} is said by ${groupSource}.`;
    const sentences = {
      fraction: `${share} of each class was set aside, picture by picture, at random${draw}.`,
      group: `${share} of the pictures were set aside${draw}. Pictures of one ${one} stay together, so that no ${one} is on both sides. ${rule}`,
      folder: 'The pictures set aside come from a folder of their own.',
      none: 'No pictures were set aside.',
    };
    return sentences[method];
  },
  treatment({ treatment, classNames, subsets }: ReportData): string {
    const { counts = [] } = subsets.find(({ name }) => name === 'training') ?? {};
    return treatment === undefined ? '' : describeTreatment(treatment, classNames, counts).join(' ');
  },
  countsChart: 'Pictures of each class',
  countsDescription(classes: readonly string[]): string {
    return `Bars of the number of pictures in each class. ${classes.join('; ')}.`;
  },
  classCounts(name: string, parts: readonly string[]): string {
    return `${name}: ${parts.join(', ')}`;
  },
  total: 'Total',
  statisticsHeading: 'Light and colour',
  statisticsExplanation(counted: number): string {
    return `Mean ± standard deviation of pixels, from 0 to 255, in ${countPictures(counted)} before augmentation. Parts and classes that differ here can be told apart without looking at what they show.`;
  },
  statisticsPart: 'Part',
  statisticsClass(part: string, className: string): string {
    return `${part}, ${className}`;
  },
  samplesHeading: 'Some of the pictures',
  skippedHeading(count: number): string {
    return count === 1 ? '1 skipped file' : `${formatNumber(count)} skipped files`;
  },
  firstBatchHeading: 'The first training batch, as the network sees it',
  firstBatchExplanation(
    [height = 0, width = 0, channels = 0]: readonly number[],
    { augmentation = [], mixing = [] }: Partial<TrainingTreatment> = {},
  ): string {
    const changes = [...augmentation, ...mixing];
    const changed = changes.length > 0 ? ` augmentation (${changes.join(', ')}),` : '';
    return `After resizing to ${width} × ${height}, ${channels} ${channels === 1 ? 'channel' : 'channels'},${changed} and everything else that is done to a picture before the first layer.`;
  },

  modelHeading: 'Model, time and machine',
  modelName: 'Network',
  inputShape: 'Input',
  parameters: 'Parameters',
  layers: 'All layers',
  started: 'Started',
  speed: 'Speed',
  perSecond(count: number): string {
    return `${formatNumber(count)} pictures per second`;
  },
  memory: 'Peak memory',
  processor: 'Processor',
  cores(count: number): string {
    return `${formatNumber(count)} ${count === 1 ? 'core' : 'cores'}`;
  },
  threads(count: number): string {
    return `${formatNumber(count)} ${count === 1 ? 'thread' : 'threads'}`;
  },
  system: 'System',
  engine: 'Engine',
  programs: 'Programs',
  kernels: 'Kernels',
  seed: 'Seed',
  optimizer: 'Optimizer',
  optimizerValue({ name, learningRate, schedule = 'constant', warmupEpochs = 0 }: OptimizerSummary): string {
    const warmup = warmupEpochs > 0 ? [`${warmupEpochs} ${warmupEpochs === 1 ? 'epoch' : 'epochs'} of warm-up`] : [];
    const shape = schedule === 'constant' ? [] : [`${schedule} schedule`];
    return [name, `learning rate ${Number(learningRate.toPrecision(4))}`, ...shape, ...warmup].join(', ');
  },

  repeatHeading: 'Do it again',
  repeatExplanation: 'The same command on the same backend and instruction set gives the same weights, bit for bit.',
  filesHeading: 'In this folder',
  file: 'File',
  content: 'Content',
  reason: 'Reason',
};

/** The words of a report in one language. */
export type ReportText = typeof englishText;
