/** The report of a training, gathered from what it left behind. */
import { type Batch, channelNames } from '../../data/index.ts';
import type { Model } from '../../model/model.ts';
import { summarize } from '../../model/summary.ts';
import type { EvaluationReport, OptimizerSummary, ReportData, RunEnding, TrainingTreatment } from '../report-data.ts';
import { type RunFolder, runFiles } from '../run-folder.ts';
import type { RunVersions } from '../run-record.ts';
import type { Answers } from './evaluate-dataset.ts';
import { peakMemoryBytes } from './machine.ts';
import { batchPictures, mistakePictures, samplePictures, shownNotes } from './report-pictures.ts';
import type { RunRecorder } from './run-recorder.ts';
import { monitorOf, optimizerFor, type TrainSettings } from './train-settings.ts';
import type { TrainingPictures } from './training-data.ts';

/** What a finished training hands over. */
export interface TrainOutcome {
  readonly run: RunFolder;
  readonly settings: TrainSettings;
  readonly pictures: TrainingPictures;
  readonly model: Model;
  readonly recorder: RunRecorder;
  readonly versions: RunVersions;
  readonly startedAt: string;
  readonly reason: RunEnding['reason'];
  /** The command line that does it again. */
  readonly command: string;
  readonly firstBatch: Batch | undefined;
  readonly answers: Answers | undefined;
  readonly evaluation: EvaluationReport | undefined;
}

/** All that the report shows. */
export async function reportOf(outcome: TrainOutcome): Promise<ReportData> {
  const { run, settings, pictures, model, recorder, versions, answers, evaluation } = outcome;
  const { classNames, preprocessing, split, record } = pictures;
  const { bestEpoch, history, seconds } = recorder;
  const { version: _version, classNames: _classNames, files: _files, ...method } = record;
  const trained = history.length * (settings.stepsPerEpoch ?? pictures.training.batchCount) * settings.batchSize;
  return {
    title: `${settings.arch} on ${classNames.length} classes`,
    runName: run.name,
    startedAt: outcome.startedAt,
    seconds,
    command: outcome.command,
    classNames,
    subsets: pictures.subsets,
    ...(pictures.statistics.length > 0 && {
      statistics: {
        channels: channelNames(preprocessing.colorMode, preprocessing.channels),
        subsets: pictures.statistics,
      },
    }),
    split: method,
    skippedFiles: pictures.skipped.map(({ path: file, reason, detail }) => ({
      file,
      reason: detail ? `${reason}: ${detail}` : reason,
    })),
    notes: [...pictures.notes, ...shownNotes(preprocessing)],
    warnings: pictures.warnings,
    ending: { reason: outcome.reason, epochs: history.length, plannedEpochs: settings.epochs },
    history,
    ...(bestEpoch !== undefined && { monitor: { key: monitorOf(settings), bestEpoch } }),
    ...(evaluation && { evaluation }),
    mistakes: answers ? await mistakePictures(pictures.evaluation.folder, answers, preprocessing) : [],
    samples: await samplePictures(pictures.listing.folder, split.training, classNames, preprocessing),
    firstBatch: outcome.firstBatch ? batchPictures(outcome.firstBatch, classNames, preprocessing) : [],
    model: {
      name: model.name,
      inputShape: model.network.inputShape,
      parameterCount: model.network.parameterCount,
      summary: summarize(model.name, model.network),
    },
    treatment: treatmentOf(settings),
    optimizer: optimizerSummary(settings),
    versions,
    ...(seconds > 0 && { picturesPerSecond: trained / seconds }),
    peakMemoryBytes: peakMemoryBytes(),
    files: [
      ...(bestEpoch === undefined
        ? []
        : [{ name: runFiles.best, description: 'the best model: weights, classes, preparation of pictures' }]),
      { name: runFiles.last, description: 'the model after the last step' },
      { name: runFiles.history, description: 'the numbers of each epoch' },
      { name: runFiles.events, description: 'what happened, one line of JSON each' },
      { name: runFiles.split, description: 'which picture was in which part, with hashes' },
      { name: runFiles.arguments, description: 'the settings; cajal train --config does it again' },
      { name: runFiles.versions, description: 'machine, programs and kernels' },
      { name: runFiles.report, description: 'this report as JSON' },
    ],
  };
}

/** What the settings do to pictures, and about classes of different size. */
export function treatmentOf(settings: TrainSettings): TrainingTreatment {
  const { augment = [], mix = [], labelSmoothing, sampling, classWeight, loss } = settings;
  return {
    augmentation: augment,
    mixing: mix,
    ...(labelSmoothing !== undefined && { labelSmoothing }),
    ...(sampling === 'balanced' && { sampling }),
    ...(classWeight && { classWeight }),
    ...(loss.includes('Focal') && { focalLoss: loss }),
  };
}

function optimizerSummary(settings: TrainSettings): OptimizerSummary {
  const { optimizer: name, schedule, warmupEpochs } = settings;
  const { learningRate } = optimizerFor({ ...settings, schedule: undefined, warmupEpochs: undefined });
  return { name, learningRate, ...(schedule && { schedule }), ...(warmupEpochs !== undefined && { warmupEpochs }) };
}
