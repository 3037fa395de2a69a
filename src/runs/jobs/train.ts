/** A training from pictures to a report, recorded in a run folder. It can be stopped and gone on with at any moment. */
import { stat } from 'node:fs/promises';
import { AbortError, DataError, TrainingError } from '../../core/errors.ts';
import type { Dataset } from '../../data/index.ts';
import { PictureError } from '../../data/node/index.ts';
import { defaultBackend } from '../../engine/choose-backend.ts';
import type { Model } from '../../model/model.ts';
import { type Callback, earlyStopping, terminateOnNaN } from '../../training/callbacks/index.ts';
import { findOverFitting } from '../over-fitting.ts';
import type { EvaluationReport, RunEnding } from '../report-data.ts';
import { describeOverFitting, overFittingAdvice } from '../report-text.ts';
import { type RunFolder, runFiles } from '../run-folder.ts';
import type { HistoryRow, RunArguments, RunEvent, RunVersions } from '../run-record.ts';
import { describeTreatment, isTreatmentWorthSaying } from '../treatment-text.ts';
import { checkMemory } from './check-memory.ts';
import { type Checkpoint, restoreCheckpoint } from './checkpoint.ts';
import { type Answers, collectAnswers, summarizeAnswers } from './evaluate-dataset.ts';
import { describeVersions } from './machine.ts';
import { makeModel } from './make-model.ts';
import { restoreWeights, saveRunModel } from './run-models.ts';
import { RunRecorder } from './run-recorder.ts';
import { reportOf, treatmentOf } from './train-report.ts';
import { checkTrainSettings, monitorOf, settingsFor, type TrainSettings } from './train-settings.ts';
import {
  balancedWeights,
  describeSkipped,
  openTrainingPictures,
  type ReadOptions,
  type ReadPictures,
  readSplit,
  type TrainingPictures,
} from './training-data.ts';

/** How a training runs; none of it changes the weights that come out. */
export interface TrainOptions extends ReadOptions {
  /** Go on from the run's last checkpoint. */
  readonly isResumed?: boolean;
  /** Pictures that were read before, for the same settings but for the fold. */
  readonly pictures?: ReadPictures;
}

/** What a training leaves. */
export interface TrainResult {
  readonly run: RunFolder;
  readonly reason: RunEnding['reason'];
  /** Of the best model, or the last where no epoch was finished; none where the loss was not finite in the first epoch. */
  readonly evaluation?: EvaluationReport;
  /** Counted from 1. */
  readonly bestEpoch?: number;
  readonly epochs: number;
  readonly history: readonly HistoryRow[];
  /** What the curves show of it, and what to try; none where they do not. */
  readonly overFitting?: string;
  readonly parameterCount: number;
  /** To each evaluated picture, where there is an evaluation. */
  readonly answers?: Answers;
  /** What each evaluated picture belongs to, by its path, where that is known. */
  readonly groups?: ReadonlyMap<string, string>;
}

/**
 * Trains, evaluates the best model and writes the report.
 *
 * @returns also where the signal stopped it in an epoch, or the loss was no longer finite: `reason` says so
 * @throws AbortError where the signal stopped it before the first epoch; a new run folder is deleted then, as after any error
 *   before the first checkpoint; a former run that this one replaces stays whole until then
 */
export async function train(run: RunFolder, settings: TrainSettings, options: TrainOptions): Promise<TrainResult> {
  await run.lock();
  try {
    checkTrainSettings(settings);
    // The number of classes is not known yet, and hardly changes what is needed.
    checkMemory(settings, 2);
    await run.writeArguments({ command: 'train', ...settings } as unknown as RunArguments);
    return await trainAndReport(run, settings, options);
  } catch (error) {
    const isWorthKeeping = await stat(run.pathOf(runFiles.checkpoint)).catch(() => undefined);
    if (!isWorthKeeping) await run.discard().catch(() => undefined);
    else if (error instanceof PictureError) {
      throw new DataError(`${error.message} Then go on: cajal train --resume ${run.path}`, { cause: error });
    }
    throw error;
  } finally {
    await run.unlock();
  }
}

async function trainAndReport(run: RunFolder, settings: TrainSettings, options: TrainOptions): Promise<TrainResult> {
  const { observer, isResumed = false } = options;
  const tell = async (event: RunEvent) => {
    await run.appendEvent(event);
    observer.event(event);
  };
  // A backend that was asked for and is not there is said before thousands of pictures are read.
  await defaultBackend();
  const record = isResumed ? await readSplit(run) : undefined;
  const pictures = await openTrainingPictures(settings, options, record, options.pictures);
  for (const warning of [...pictures.warnings, describeSkipped(pictures.skipped)]) if (warning) observer.warn(warning);
  await run.writeSplit(pictures.record);

  const model = makeModel(
    settingsFor(settings, pictures.preprocessing),
    pictures.classNames.length,
    settings.stepsPerEpoch ?? pictures.training.batchCount,
  );
  const versions = describeVersions((await model.trainer()).memory.backend, settings.seed);
  await run.writeVersions(versions);
  const resumed = isResumed ? await restoreCheckpoint(run, model) : undefined;
  await run.truncateTo(resumed?.epoch ?? 0);
  const startedAt = resumed?.startedAt ?? new Date().toISOString();
  await tell(beginning(run, pictures, versions, resumed));
  observer.say(describe(model, pictures, versions));
  const treatment = treatmentOf(settings);
  if (isTreatmentWorthSaying(treatment, pictures.trainingCounts)) {
    observer.say(describeTreatment(treatment, pictures.classNames, pictures.trainingCounts).join(' '));
  }

  const { classNames, preprocessing } = pictures;
  const save = { classNames, preprocessing };
  const monitor = monitorOf(settings);
  const { patience } = settings;
  const followers = patience === undefined ? [] : [earlyStopping({ monitor, patience })];
  const recorder = new RunRecorder({ run, model, monitor, save, observer, followers, resumed, startedAt });
  const firstBatch = await firstOf(pictures.training);
  const reason = await fit(model, settings, pictures, recorder, resumed?.epoch ?? 0, options.signal);

  // What is left is done also when a person has stopped the training: the report of what there is.
  const { bestEpoch, history } = recorder;
  if (history.length === 0 && run.isReplacing) throw withoutEpoch(run, reason);
  await run.publish();
  if (reason !== 'diverged') {
    const metrics = recorder.logsOf(history.at(-1)?.epoch);
    await saveRunModel(model, run.pathOf(runFiles.last), { ...save, metrics });
  }
  if (bestEpoch !== undefined) await restoreWeights(model, run.pathOf(runFiles.best));
  const isSound = reason !== 'diverged' || bestEpoch !== undefined;
  const { answers, evaluation } = isSound ? await evaluate(model, pictures, options) : {};
  const command = `cajal train --config ${run.pathOf(runFiles.arguments)}`;
  const outcome = {
    run,
    settings,
    pictures,
    model,
    recorder,
    versions,
    startedAt,
    reason,
    command,
    firstBatch,
    answers,
    evaluation,
  };
  await run.writeReport(await reportOf(outcome));
  const overFitting = findOverFitting(history);
  const result = {
    reason,
    epochs: history.length,
    history,
    parameterCount: model.network.parameterCount,
    ...(overFitting && { overFitting: `${describeOverFitting(overFitting)} ${overFittingAdvice}` }),
    ...(answers && { answers }),
    ...(pictures.evaluation.groups && { groups: pictures.evaluation.groups }),
    ...(bestEpoch !== undefined && { bestEpoch }),
    ...(evaluation && { evaluation }),
  };
  await tell(ending(run, result, recorder.seconds));
  return { run, ...result };
}

/** Why a run is given up that has no epoch, while the folder has a former one. */
function withoutEpoch({ path: folder }: RunFolder, reason: RunEnding['reason']): AbortError | TrainingError {
  const kept = `The former run in ${folder} stays as it was.`;
  return reason === 'diverged'
    ? new TrainingError(
        `train: expected a finite loss, received one that is infinite or not a number, in epoch 1. ${kept} ` +
          'Lower --learning-rate, or look for broken pictures.',
      )
    : new AbortError(`train: stopped before the end of the first epoch. ${kept}`);
}

async function fit(
  model: Model,
  { epochs, stepsPerEpoch, classWeight, schedule, warmupEpochs }: TrainSettings,
  { training, validation, trainingCounts }: TrainingPictures,
  recorder: RunRecorder,
  initialEpoch: number,
  signal: AbortSignal | undefined,
): Promise<RunEnding['reason']> {
  try {
    const { stopped } = await model.fit(training, {
      epochs,
      initialEpoch,
      callbacks: [terminateOnNaN(), ...(schedule || warmupEpochs ? [logLearningRate] : []), recorder],
      ...(stepsPerEpoch !== undefined && { stepsPerEpoch }),
      ...(validation && { validationData: validation }),
      ...(classWeight && { classWeight: balancedWeights(trainingCounts) }),
      ...(signal && { signal }),
    });
    if (recorder.hasDiverged) return 'diverged';
    return stopped === undefined ? 'finished' : 'stopped-early';
  } catch (error) {
    if (signal?.aborted && error instanceof AbortError) return 'interrupted';
    throw error;
  }
}

/** Puts the learning rate that an epoch ended with beside its loss, and so into the history and the charts. */
const logLearningRate: Callback = {
  onEpochEnd: (_, __, training) => training.log('learningRate', training.learningRate),
};

async function evaluate(
  model: Model,
  { evaluation: { data, subset }, classNames, trainingCounts }: TrainingPictures,
  { observer }: TrainOptions,
): Promise<{ answers: Answers; evaluation: EvaluationReport }> {
  const answers = await collectAnswers(model, data, classNames, {
    observer,
    title: `Evaluating on ${subset} pictures`,
  });
  const seen = subset === 'training' ? 'training' : 'never';
  return {
    answers,
    evaluation: { ...summarizeAnswers(answers, trainingCounts), subset, seen, values: answers.values },
  };
}

async function firstOf(data: Dataset) {
  for await (const batch of data.epoch(0)) return batch;
  return undefined;
}

function beginning(
  run: RunFolder,
  pictures: TrainingPictures,
  versions: RunVersions,
  resumed: Checkpoint | undefined,
): RunEvent {
  const { backend, instructionSet, threads } = versions;
  return {
    event: resumed ? 'resume' : 'start',
    run: run.path,
    backend,
    instructionSet,
    threads,
    classes: pictures.classNames,
    training: pictures.split.training.length,
    validation: pictures.split.validation.length,
    ...(pictures.leak && { leak: { ...pictures.leak } }),
    ...(resumed && { finishedEpochs: resumed.epoch }),
  };
}

function ending(
  run: RunFolder,
  { reason, epochs, bestEpoch, evaluation, overFitting }: Omit<TrainResult, 'run'>,
  seconds: number,
): RunEvent {
  return {
    event: 'end',
    run: run.path,
    reason,
    epochs,
    seconds,
    ...(bestEpoch !== undefined && { bestEpoch }),
    ...(evaluation && {
      subset: evaluation.subset,
      accuracy: evaluation.accuracy,
      interval: [evaluation.interval.low, evaluation.interval.high],
      values: evaluation.values,
    }),
    ...(overFitting !== undefined && { overFitting }),
    report: run.pathOf(runFiles.page),
  };
}

function describe(model: Model, { split, classNames }: TrainingPictures, versions: RunVersions): string {
  const { backend, instructionSet, threads } = versions;
  const held = split.validation.length > 0 ? ` and ${split.validation.length} validation` : '';
  const parameters = model.network.parameterCount.toLocaleString('en-US');
  return (
    `${split.training.length} training${held} pictures of ${classNames.length} classes; ${model.name} with ${parameters} ` +
    `parameters; ${backend} ${instructionSet}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`
  );
}
