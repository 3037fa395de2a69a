/** The options of `cajal train`: those that args.json holds, and those that only say where and how. */
import { augmentationHelp } from '../../augmentation/augmentation-words.ts';
import { mixingHelp } from '../../augmentation/mixing-words.ts';
import { colorModes, interpolations, resizeFits, sampleTypes, samplings } from '../../data/index.ts';
import { lossNames } from '../../nn/losses/table.ts';
import { metricNames } from '../../nn/metrics/table.ts';
import { optimizerNames } from '../../nn/optimizers/table.ts';
import { type NetworkSettings, splitKinds, type TrainSettings } from '../../runs/jobs/train-settings.ts';
import { trainingSchedules } from '../../runs/jobs/training-schedule.ts';
import { architectureNames } from '../../zoo/table.ts';
import { type CacheOptions, cacheOptions } from './cache-options.ts';
import type { OptionTable } from './option.ts';

const count = { integer: true, min: 1 } as const;
const share = { min: 0, max: 1 } as const;

/** Which network, of which size. */
export const networkOptions: OptionTable<NetworkSettings> = {
  arch: { kind: 'name', group: 'Network', choices: architectureNames, default: 'cnn', help: 'the network' },
  size: {
    kind: 'number',
    group: 'Network',
    rule: count,
    default: 150,
    placeholder: 'pixels',
    help: 'height and width of the pictures that the network sees',
  },
  colorMode: {
    kind: 'name',
    group: 'Network',
    choices: ['rgb', 'grayscale', 'rgba'],
    default: 'rgb',
    help: 'what the network sees of colours',
  },
  filters: {
    kind: 'numbers',
    group: 'Network',
    rule: count,
    help: 'filters of the convolutions, one block each (default: cnn 32,32,64; deep-cnn 32,64,128,128)',
  },
  units: {
    kind: 'number',
    group: 'Network',
    rule: count,
    help: 'units of the dense layer (default: cnn 256; deep-cnn 512)',
  },
  dropout: {
    kind: 'number',
    group: 'Network',
    rule: { ...share, exclusive: 'max' },
    default: 0.4,
    help: "share of the dense layer's values that training drops",
  },
};

/** Everything that decides the weights. */
export const trainOptions: OptionTable<TrainSettings> = {
  folder: {
    kind: 'text',
    group: 'Data',
    isArgument: true,
    help: 'a folder that has one folder of pictures for each class',
  },
  val: {
    kind: 'number',
    group: 'Data',
    rule: { min: 0, max: 0.95 },
    placeholder: 'share',
    help: 'share of each class held out for validation; 0 for none (default: 0.2)',
  },
  valFolder: {
    kind: 'text',
    group: 'Data',
    placeholder: 'folder',
    help: 'validate on this folder of the same classes instead',
  },
  testFolder: {
    kind: 'text',
    group: 'Data',
    placeholder: 'folder',
    help: 'evaluate on this folder at the end; nothing else looks at it',
  },
  groupBy: {
    kind: 'text',
    group: 'Data',
    placeholder: 'regex',
    help: 'hold out whole groups, named by what this captures from file names',
  },
  split: {
    kind: 'name',
    group: 'Data',
    choices: splitKinds,
    help: 'grouped: hold out whole groups that cajal audit found (default: random)',
  },
  audit: {
    kind: 'text',
    group: 'Data',
    placeholder: 'file',
    help: 'the audit of --split grouped (default: audit.json in the folder, beside it, or here)',
  },
  cv: {
    kind: 'number',
    group: 'Data',
    rule: { integer: true, min: 2, max: 100 },
    placeholder: 'folds',
    help: 'cross-validate: train so many networks, each with another part held out',
  },
  fold: {
    kind: 'number',
    group: 'Data',
    rule: count,
    placeholder: 'number',
    help: 'of --cv, train only the network that holds out this fold',
  },
  fraction: {
    kind: 'number',
    group: 'Data',
    rule: { ...share, exclusive: 'min' },
    default: 1,
    placeholder: 'share',
    help: 'use only this share of the pictures of each class',
  },
  strict: { kind: 'flag', group: 'Data', default: false, help: 'a picture that does not decode is an error' },
  ...networkOptions,
  colorMode: {
    kind: 'name',
    group: 'Network',
    choices: ['auto', ...colorModes],
    default: 'auto',
    help: 'what the network sees of colours; auto: rgb, or the channels of files where they are no colours',
  },
  sampleType: {
    kind: 'name',
    group: 'Data',
    choices: ['auto', ...sampleTypes],
    help: 'how deep samples are kept (default: auto, as deep as the files have them)',
  },
  percentiles: {
    kind: 'numbers',
    group: 'Data',
    rule: { min: 0, max: 100 },
    placeholder: 'low,high',
    help: 'what becomes 0 and 255 in deeper samples, of the training pictures (default: 0.1,99.9)',
  },
  pixelLimit: {
    kind: 'number',
    group: 'Data',
    rule: count,
    placeholder: 'pixels',
    help: 'leave out pictures with more pixels (default: 120000000)',
  },
  fit: {
    kind: 'name',
    group: 'Data',
    choices: resizeFits,
    default: 'stretch',
    help: 'how pictures of other proportions come to the size',
  },
  interpolation: {
    kind: 'name',
    group: 'Data',
    choices: interpolations,
    default: 'bilinear',
    help: 'how pixels between pixels are computed',
  },
  augment: {
    kind: 'words',
    group: 'Training',
    placeholder: 'words',
    help: `change the training pictures at random: any of ${augmentationHelp.join('; ')}`,
  },
  mix: {
    kind: 'words',
    group: 'Training',
    placeholder: 'words',
    help: `mix the pictures of a batch, and their targets: ${mixingHelp.join('; ')}; of both, one for each batch`,
  },
  sampling: {
    kind: 'name',
    group: 'Training',
    choices: samplings,
    help: 'balanced: in every epoch as many pictures of each class (default: all, each once)',
  },
  epochs: { kind: 'number', group: 'Training', rule: count, default: 10, help: 'passes over the pictures' },
  batchSize: { kind: 'number', group: 'Training', rule: count, default: 32, help: 'pictures in each step' },
  stepsPerEpoch: {
    kind: 'number',
    group: 'Training',
    rule: count,
    help: 'steps that count as an epoch (default: all pictures once)',
  },
  optimizer: {
    kind: 'name',
    group: 'Training',
    choices: optimizerNames,
    default: 'rmsprop',
    help: 'how weights change',
  },
  learningRate: {
    kind: 'number',
    group: 'Training',
    rule: { min: 0 },
    help: "size of the changes (default: the optimizer's, as in Keras)",
  },
  schedule: {
    kind: 'name',
    group: 'Training',
    choices: trainingSchedules,
    help: 'how the learning rate goes over all epochs, constant where not given',
  },
  warmupEpochs: {
    kind: 'number',
    group: 'Training',
    rule: { min: 0 },
    help: 'epochs in which the learning rate rises first (default: 0; one-cycle: three tenths)',
  },
  momentum: {
    kind: 'number',
    group: 'Training',
    rule: share,
    placeholder: 'share',
    help: 'share of the last change that sgd and rmsprop keep',
  },
  weightDecay: { kind: 'number', group: 'Training', rule: { min: 0 }, help: 'how fast weights shrink beside the loss' },
  clipnorm: {
    kind: 'number',
    group: 'Training',
    rule: { min: 0, exclusive: 'min' },
    placeholder: 'length',
    help: "make each weight's gradient at most this long",
  },
  decay: {
    kind: 'number',
    group: 'Training',
    rule: { min: 0 },
    help: 'divide the learning rate by 1 + decay * step, as old Keras',
  },
  loss: {
    kind: 'name',
    group: 'Training',
    choices: lossNames,
    default: 'categoricalCrossentropy',
    help: 'what training makes small',
  },
  labelSmoothing: {
    kind: 'number',
    group: 'Training',
    rule: share,
    placeholder: 'share',
    help: 'share of each target that all classes get, in the loss',
  },
  focalGamma: {
    kind: 'number',
    group: 'Training',
    rule: { min: 0 },
    help: 'of a focal loss: how much less pictures count that are right already (default: 2)',
  },
  focalAlpha: {
    kind: 'number',
    group: 'Training',
    rule: { min: 0 },
    help: 'of a focal loss: its weight (default: 0.25)',
  },
  metrics: {
    kind: 'names',
    group: 'Training',
    choices: metricNames,
    default: ['accuracy'],
    help: 'what is measured beside the loss',
  },
  classWeight: { kind: 'name', group: 'Training', choices: ['balanced'], help: 'let rare classes count more' },
  seed: {
    kind: 'number',
    group: 'Training',
    rule: { integer: true, min: 0, max: 2 ** 31 - 1 },
    default: 0,
    help: 'from which all random numbers come',
  },
  splitSeed: {
    kind: 'number',
    group: 'Data',
    rule: { integer: true, min: 0, max: 2 ** 31 - 1 },
    placeholder: 'seed',
    help: 'from which the split is drawn (default: the seed)',
  },
  monitor: {
    kind: 'text',
    group: 'Training',
    placeholder: 'name',
    help: 'by which number the best epoch is chosen (default: val_loss)',
  },
  patience: {
    kind: 'number',
    group: 'Training',
    rule: { integer: true, min: 0 },
    placeholder: 'epochs',
    help: 'stop when so many epochs were not better',
  },
};

/** What every command that works for a while has. */
export interface OutputOptions {
  json?: boolean;
  quiet?: boolean;
}

/** How results are shown. */
export const outputOptions: OptionTable<OutputOptions> = {
  json: { kind: 'flag', group: 'Output', help: 'results as JSON, one object per line' },
  quiet: { kind: 'flag', group: 'Output', help: 'no progress and no warnings' },
};

/** What does not change the weights. */
export interface TrainRunOptions extends OutputOptions, CacheOptions {
  out?: string;
  name?: string;
  existOk?: boolean;
  resume?: string;
  config?: string;
  dryRun?: boolean;
  minAccuracy?: number;
}

/** Where a run goes, and how it is shown. */
export const trainRunOptions: OptionTable<TrainRunOptions> = {
  out: {
    kind: 'text',
    group: 'Run',
    placeholder: 'folder',
    help: "the run's folder (default: runs/train, runs/train-2, …)",
  },
  name: { kind: 'text', group: 'Run', placeholder: 'name', help: 'the name of its folder in runs/' },
  existOk: { kind: 'flag', group: 'Run', help: 'replace a run that has this name' },
  resume: { kind: 'text', group: 'Run', placeholder: 'run', help: 'go on with a run that was stopped' },
  config: {
    kind: 'text',
    group: 'Run',
    placeholder: 'file',
    help: 'take options from a JSON file, such as the args.json of a run',
  },
  dryRun: { kind: 'flag', group: 'Run', help: 'try one batch: shapes, memory, time; nothing is written' },
  minAccuracy: {
    kind: 'number',
    group: 'Run',
    rule: share,
    placeholder: 'share',
    help: 'exit with 4 where the final accuracy is below',
  },
  ...cacheOptions,
  ...outputOptions,
};
