/** Everything a report is made from: plain JSON, and pictures as bytes. Whoever trains or evaluates fills it in. */
import type { SplitMethod, SubsetStatistics } from '../data/index.ts';
import type { EvaluationSummary } from './evaluation.ts';
import type { HistoryRow, Picture, RunVersions } from './run-record.ts';

/** A part of the data. */
export interface SubsetSummary {
  /** `training`, `validation` or `test`, or another word. */
  name: string;
  /** Pictures of each class, `[classCount]`. */
  counts: readonly number[];
  /** From how many sources (slides, patients, …) they come, where that is known. */
  groups?: number;
}

/** A file that could not be read, and why. */
export interface SkippedFile {
  file: string;
  reason: string;
}

/** A picture with the class it belongs to. */
export interface LabelledPicture {
  picture: Picture;
  /** The name of its file. */
  file: string;
  className: string;
}

/** A wrong answer, ready to be shown. */
export interface MistakeReport {
  /** Without one, the mistake stands as text. */
  picture?: Picture;
  file: string;
  trueClass: string;
  predictedClass: string;
  /** Of the wrong answer, between 0 and 1. */
  probability: number;
  /** Of the right answer. */
  trueProbability: number;
}

/** An evaluation, and on which pictures it was made. */
export interface EvaluationReport extends EvaluationSummary {
  /** The name of the subset. */
  subset: string;
  /** Whether the model was trained on these pictures: `unknown` for a folder that came later. */
  seen: 'never' | 'training' | 'unknown';
  /** Loss and metrics on these pictures, by name. */
  values: Readonly<Record<string, number>>;
}

/** The optimizer of a training. */
export interface OptimizerSummary {
  name: string;
  /** The largest, where it changed. */
  learningRate: number;
  schedule?: string;
  warmupEpochs?: number;
}

/** What was done to training pictures, and about classes of different size; words are those of the command line. */
export interface TrainingTreatment {
  augmentation: readonly string[];
  mixing: readonly string[];
  labelSmoothing?: number;
  sampling?: 'balanced';
  classWeight?: 'balanced';
  /** The name of the loss, where it is a focal one. */
  focalLoss?: string;
}

/** How the training ended. */
export interface RunEnding {
  reason: 'finished' | 'stopped-early' | 'interrupted' | 'diverged';
  /** Epochs that were done. */
  epochs: number;
  /** Epochs that were asked for. */
  plannedEpochs: number;
}

/** The network, in a few words. */
export interface ModelSummary {
  name: string;
  /** Of one picture, `[height, width, channels]`. */
  inputShape: readonly number[];
  parameterCount: number;
  /** The layers as a text table. */
  summary?: string;
}

/** All that the report shows. */
export interface ReportData {
  title: string;
  runName: string;
  /** When the run started, in ISO 8601. */
  startedAt: string;
  /** How long it took. */
  seconds: number;
  /** The command line that does it again. */
  command: string;
  classNames: readonly string[];
  subsets: readonly SubsetSummary[];
  /** Light and colour of each part and class, and what the channels are called. */
  statistics?: { readonly channels: readonly string[]; readonly subsets: readonly SubsetStatistics[] };
  split: SplitMethod;
  /** What a group is, as in `['slide', 'slides']`; `source` where not given. */
  groupNoun?: readonly [one: string, many: string];
  skippedFiles: readonly SkippedFile[];
  /** What was chosen by looking at the pictures, such as how deep their samples are. */
  notes?: readonly string[];
  /** Sentences about things to know, shown beside those that the report finds itself. */
  warnings: readonly string[];
  /** None for an evaluation without a training. */
  ending?: RunEnding;
  history: readonly HistoryRow[];
  /** The value by which the best epoch was chosen, as in `val_loss`. */
  monitor?: { key: string; bestEpoch: number };
  evaluation?: EvaluationReport;
  mistakes: readonly MistakeReport[];
  samples: readonly LabelledPicture[];
  /** The first training batch as the network sees it: after resizing, augmentation and rescaling. */
  firstBatch: readonly LabelledPicture[];
  model: ModelSummary;
  /** None for an evaluation without a training. */
  treatment?: TrainingTreatment;
  /** How weights changed. */
  optimizer?: OptimizerSummary;
  versions: RunVersions;
  /** Training pictures per second, over the whole run. */
  picturesPerSecond?: number;
  peakMemoryBytes?: number;
  /** What else lies in the run's folder: paths relative to it. */
  files: readonly { name: string; description: string }[];
}
