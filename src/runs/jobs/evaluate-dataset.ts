/** A model's answers to every picture of a dataset, and what they add up to. */
import type { Dataset } from '../../data/index.ts';
import type { Model } from '../../model/model.ts';
import { largestOf } from '../../nn/metrics/metric.ts';
import type { Logs } from '../../training/callbacks/callback.ts';
import { type EvaluationSummary, summarizeEvaluation } from '../evaluation.ts';
import type { JobObserver } from './job-observer.ts';

/** What a model answered. */
export interface Answers {
  readonly classNames: readonly string[];
  /** Paths inside the folder, in the order of the dataset. */
  readonly names: readonly string[];
  readonly trueClasses: readonly number[];
  /** `[pictures, classes]`, row by row. */
  readonly probabilities: Float32Array;
  /** Loss and metrics by name. */
  readonly values: Logs;
}

/** Asks a model about every picture. @throws AbortError where the signal says so */
export async function collectAnswers(
  model: Model,
  data: Dataset,
  classNames: readonly string[],
  options: { observer: JobObserver; title: string; signal?: AbortSignal | undefined },
): Promise<Answers> {
  const { observer, title, signal } = options;
  const width = classNames.length;
  const probabilities = new Float32Array(data.size * width);
  const names: string[] = [];
  const trueClasses: number[] = [];
  const task = observer.start(title, data.size);
  const values = await model.evaluate(data, {
    ...(signal && { signal }),
    onBatch(batch, { predictions, targets }) {
      probabilities.set(predictions.data, trueClasses.length * width);
      for (let row = 0; row < batch.inputs.shape[0]!; row++) trueClasses.push(largestOf(targets.data, row, width));
      names.push(...(batch.names ?? []));
      task.update(trueClasses.length);
    },
  });
  task.end();
  return { classNames, names, trueClasses, probabilities, values };
}

/** The answers in numbers. @param trainingCounts pictures of each class that the model was trained on */
export function summarizeAnswers(answers: Answers, trainingCounts: readonly number[]): EvaluationSummary {
  const { classNames, trueClasses, probabilities } = answers;
  const predictedClasses = trueClasses.map((_, row) => largestOf(probabilities, row, classNames.length));
  return summarizeEvaluation({ classNames, trueClasses, predictedClasses, trainingCounts });
}
