/** A report of made-up but coherent numbers: three classes, six pictures, four epochs. */
import { summarizeEvaluation } from '../../src/runs/evaluation.ts';
import type { ReportData } from '../../src/runs/report-data.ts';
import type { Picture } from '../../src/runs/run-record.ts';

/** A picture of one colour. */
export function plainPicture(width: number, height: number, value: number): Picture {
  return { width, height, pixels: new Uint8Array(width * height * 3).fill(value) };
}

/** The data of a report, with what a test changes. */
export function makeReportData(changes: Partial<ReportData> = {}): ReportData {
  const classNames = ['lymphocyte', 'monocyte', 'neutrophil'];
  const summary = summarizeEvaluation({
    classNames,
    trueClasses: [0, 0, 1, 1, 2, 2, 2, 2],
    predictedClasses: [0, 0, 1, 2, 2, 2, 2, 1],
    trainingCounts: [30, 20, 50],
  });
  return {
    title: 'White blood cells',
    runName: 'train-2',
    startedAt: '2026-03-01T10:20:30.000Z',
    seconds: 75.4,
    command: 'npx cajal train cells --epochs 4',
    classNames,
    subsets: [
      { name: 'training', counts: [30, 20, 50], groups: 9 },
      { name: 'validation', counts: [2, 2, 4], groups: 3 },
    ],
    split: { method: 'group', pattern: '^_(\\d+)_', fraction: 0.2, seed: 7 },
    groupNoun: ['slide', 'slides'],
    skippedFiles: [],
    warnings: [],
    ending: { reason: 'finished', epochs: 4, plannedEpochs: 4 },
    history: [
      { epoch: 1, accuracy: 0.5, learning_rate: 0.001, loss: 1.25, val_accuracy: 0.45, val_loss: 1.5 },
      { epoch: 2, accuracy: 0.625, learning_rate: 0.001, loss: 0.875, val_accuracy: 0.55, val_loss: 1.125 },
      { epoch: 3, accuracy: 0.75, learning_rate: 0.001, loss: 0.75, val_accuracy: 0.75, val_loss: 0.625 },
      { epoch: 4, accuracy: 0.875, learning_rate: 0.001, loss: 0.5, val_accuracy: 0.75, val_loss: 0.6875 },
    ],
    monitor: { key: 'val_loss', bestEpoch: 3 },
    evaluation: { ...summary, subset: 'validation', seen: 'never', values: { accuracy: 0.75, loss: 0.625 } },
    mistakes: [
      {
        picture: plainPicture(100, 80, 200),
        file: 'monocyte/_3_17.jpeg',
        trueClass: 'monocyte',
        predictedClass: 'neutrophil',
        probability: 0.987,
        trueProbability: 0.011,
      },
    ],
    samples: [{ picture: plainPicture(300, 200, 120), file: 'lymphocyte/_1_1.jpeg', className: 'lymphocyte' }],
    firstBatch: [{ picture: plainPicture(8, 8, 40), file: 'neutrophil/_2_5.jpeg', className: 'neutrophil' }],
    model: { name: 'cnn', inputShape: [8, 8, 3], parameterCount: 12345, summary: 'conv2d  6×6×32' },
    versions: {
      cajal: '0.1.0',
      node: '20.0.0',
      platform: 'linux 6',
      architecture: 'x64',
      cpu: 'A processor',
      cores: 2,
      memoryBytes: 2 ** 33,
      backend: 'native',
      instructionSet: 'avx2',
      threads: 2,
      kernelHash: 'abcdef',
      seed: 7,
    },
    files: [{ name: 'history.csv', description: 'Values of each epoch' }],
    ...changes,
  };
}
