/** What a training would need, found by trying one batch: shapes, memory, operations and time. Nothing is written. */

import { bytesPerElement } from '../../core/dtype.ts';
import { AbortError } from '../../core/errors.ts';
import { elementCount } from '../../core/shape.ts';
import {
  type Batch,
  createPreprocessing,
  pictureShape,
  splitByFraction,
  splitByGroup,
  takeFraction,
} from '../../data/index.ts';
import { chooseDepth, openPictures, scanPictures, scanSameClasses } from '../../data/node/index.ts';
import { countFlops } from '../../graph/lower.ts';
import { trainingGraph } from '../../training/step-graphs.ts';
import { changedPictures } from './changed-pictures.ts';
import { checkMemory } from './check-memory.ts';
import { makeModel } from './make-model.ts';
import { labelModeOf, settingsFor, type TrainSettings } from './train-settings.ts';
import type { ReadOptions } from './training-data.ts';

/** What was found. */
export interface DryRun {
  readonly classNames: readonly string[];
  readonly trainingPictures: number;
  readonly validationPictures: number;
  /** Shapes of a batch. */
  readonly inputShape: readonly number[];
  readonly inputType: string;
  readonly targetShape: readonly number[];
  readonly parameterCount: number;
  /** The layers as a text table. */
  readonly summary: string;
  /** Weights and the optimizer's slots. */
  readonly weightBytes: number;
  /** Everything between the layers, in one step. */
  readonly arenaBytes: number;
  /** All pictures as the network sees them; above the budget they are read again in each epoch. */
  readonly pictureBytes: number;
  /** Floating-point operations of one training step. */
  readonly stepFlops: number;
  readonly stepSeconds: number;
  /** Of one batch, with what augmentation takes. */
  readonly readSeconds: number;
  readonly stepsPerEpoch: number;
  readonly epochSeconds: number;
  /** Networks that are trained: folds of a cross-validation, else one. */
  readonly folds: number;
  /** Of all folds. */
  readonly totalSeconds: number;
  readonly backend: string;
  readonly instructionSet: string;
  readonly threads: number;
}

const timedSteps = 3;
const sampleBytes = { uint8: 1, uint16: 2, float32: 4 } as const;

/** Tries one batch. @throws as a training would for the same settings, as far as one batch shows it */
export async function tryOneBatch(settings: TrainSettings, { signal }: ReadOptions): Promise<DryRun> {
  const { batchSize, seed, splitSeed = seed, val, groupBy, fraction, epochs } = settings;
  const { cv, fold, sampling } = settings;
  const { size, colorMode, fit, interpolation, sampleType = 'auto', pixelLimit } = settings;
  const scanned = await scanPictures(settings.folder, { strict: settings.strict });
  const { classNames } = scanned;
  checkMemory(settings, classNames.length);
  const files = takeFraction(scanned.files, fraction, splitSeed);
  let training = files;
  let validationPictures = 0;
  if (settings.valFolder !== undefined) {
    const other = await scanSameClasses(scanned, settings.valFolder);
    validationPictures = other.files.length;
  } else if (val > 0 || cv !== undefined) {
    // Groups of an audit need every picture: here their share is held out, picture by picture.
    const how = { fraction: cv === undefined ? val : 1 / cv, seed: splitSeed };
    const split =
      groupBy === undefined ? splitByFraction(files, classNames, how) : splitByGroup(files, classNames, groupBy, how);
    training = [...split.training];
    validationPictures = split.validation.length;
  }
  const { chosen } = await chooseDepth(scanned, { colorMode, sampleType });
  const preprocessing = createPreprocessing({ size, fit, interpolation, ...chosen });
  const pictures = openPictures(
    { ...scanned, files: training },
    {
      preprocessing,
      batchSize,
      seed,
      labelMode: labelModeOf(settings),
      prefetch: 0,
      ...(pixelLimit !== undefined && { pixelLimit }),
      ...(sampling !== undefined && { sampling }),
    },
  );
  const data = changedPictures(settings, pictures);
  const model = makeModel(settingsFor(settings, preprocessing), classNames.length);
  const trainer = await model.trainer();
  const began = performance.now();
  const { value } = await data.epoch(0)[Symbol.asyncIterator]().next();
  const batch = value as Batch;
  const readSeconds = (performance.now() - began) / 1000;
  // The first step also compiles; the others are timed.
  await trainer.train(batch);
  const started = performance.now();
  for (let step = 0; step < timedSteps; step++) {
    if (signal?.aborted) throw new AbortError('train: the trial was stopped.', { cause: signal.reason });
    await trainer.train(batch);
  }
  const stepSeconds = (performance.now() - started) / 1000 / timedSteps;
  const { optimizer } = model.compiled!;
  const targets = model.compiled!.targets(model.network);
  const { network } = model;
  const inputTypes = [batch.inputs.dtype];
  const { memory } = trainer;
  const stepsPerEpoch = settings.stepsPerEpoch ?? data.batchCount;
  // A forward pass is about a third of a step; reading goes on beside both.
  const epochSeconds = stepSeconds * (stepsPerEpoch + validationPictures / batchSize / 3);
  const folds = cv !== undefined && fold === undefined ? cv : 1;
  const firstReading = (readSeconds / batch.inputs.shape[0]!) * (training.length + validationPictures);
  return {
    classNames,
    trainingPictures: training.length,
    validationPictures,
    inputShape: batch.inputs.shape,
    inputType: batch.inputs.dtype,
    targetShape: batch.targets.shape,
    parameterCount: network.parameterCount,
    summary: model.summary(),
    weightBytes: memory.types.reduce(
      (total, { shape, dtype }) => total + elementCount(shape) * bytesPerElement(dtype),
      0,
    ),
    arenaBytes: trainer.executable('train', inputTypes).arenaBytes(batchSize),
    pictureBytes:
      elementCount(pictureShape(preprocessing)) *
      sampleBytes[chosen.sampleType] *
      (training.length + validationPictures),
    stepFlops: countFlops(trainingGraph({ network, inputTypes, frozen: new Set() }, targets, optimizer)) * batchSize,
    stepSeconds,
    readSeconds,
    stepsPerEpoch,
    epochSeconds,
    folds,
    totalSeconds: epochSeconds * epochs * folds + firstReading,
    backend: memory.backend.name,
    instructionSet: memory.backend.instructionSet,
    threads: memory.backend.threads,
  };
}
