/** Test-time augmentation of a job: the mean answers over views of each picture, and what they add up to. */
import { augmentationLayersOf } from '../../augmentation/augmentation-words.ts';
import { AbortError } from '../../core/errors.ts';
import { type Tensor, tensor } from '../../core/tensor.ts';
import { type Dataset, type Preprocessing, pictureShape } from '../../data/index.ts';
import { type Model, sequential } from '../../model/model.ts';
import { PictureViews } from '../../model/predict-with-augmentation.ts';
import { input } from '../../nn/layers/input.ts';
import { layers } from '../../nn/layers/table.ts';
import { largestOf } from '../../nn/metrics/metric.ts';
import type { Logs } from '../../training/callbacks/callback.ts';
import type { Answers } from './evaluate-dataset.ts';
import type { JobObserver } from './job-observer.ts';

/** Which views are asked about. */
export interface TtaSettings {
  /** As `train --augment` takes them. */
  readonly words: readonly string[];
  /** Views where they are drawn. */
  readonly count: number;
  readonly seed: number;
}

/** What was asked, for people and reports. */
export interface TtaSummary {
  readonly augment: readonly string[];
  /** Views of each picture. */
  readonly views: number;
  /** `all`: every view that the augmentations can make; `drawn`: the picture as it is and random ones. */
  readonly kind: 'all' | 'drawn';
}

/** The views of pictures that are prepared like this. @throws OptionError for unknown words, ShapeError where they do not fit */
export function viewsOf(
  where: string,
  preprocessing: Preprocessing,
  { words, ...how }: TtaSettings,
): { views: PictureViews; summary: TtaSummary } {
  const views = new PictureViews(augmentationLayersOf(where, words), pictureShape(preprocessing), how);
  return { views, summary: { augment: words, views: views.count, kind: views.areFixed ? 'all' : 'drawn' } };
}

/** In a sentence. */
export function describeTta({ augment, views, kind }: TtaSummary): string {
  const which = kind === 'all' ? `all ${views} views` : `${views} views, drawn at random,`;
  return `Test-time augmentation: each answer is the mean of ${which} by ${augment.join(', ')}.`;
}

/** Asks a compiled model about the views of every picture. @throws AbortError where the signal says so */
export async function collectAugmentedAnswers(
  model: Model,
  views: PictureViews,
  data: Dataset,
  classNames: readonly string[],
  options: { observer: JobObserver; title: string; signal?: AbortSignal | undefined },
): Promise<Answers> {
  const { observer, title, signal } = options;
  const width = classNames.length;
  const probabilities = new Float32Array(data.size * width);
  const names: string[] = [];
  const trueClasses: number[] = [];
  const targets: number[] = [];
  const task = observer.start(title, data.size);
  for await (const batch of data.epoch(0)) {
    if (signal?.aborted) throw new AbortError('evaluate: stopped by its signal.', { cause: signal.reason });
    const done = trueClasses.length;
    const count = batch.inputs.shape[0]!;
    probabilities.set((await views.predict(model, batch.inputs, done)).data as Float32Array, done * width);
    const row = batch.targets.data.length / count;
    for (let place = 0; place < count; place++) {
      trueClasses.push(row === 1 ? batch.targets.data[place]! : largestOf(batch.targets.data, place, row));
    }
    targets.push(...batch.targets.data);
    names.push(...(batch.names ?? []));
    task.update(trueClasses.length);
  }
  task.end();
  const size = trueClasses.length;
  const values = await measure(
    model,
    tensor(probabilities, [size, width]),
    tensor(Float32Array.from(targets), [size, targets.length / size]),
  );
  return { classNames, names, trueClasses, probabilities, values };
}

/** The model's own loss and metrics, of predictions that are there already. */
async function measure(model: Model, predictions: Tensor, targets: Tensor): Promise<Logs> {
  const compiled = model.compiled!;
  const { loss } = compiled.targets(model.network)[0]!;
  const { metricParts } = compiled;
  const through = sequential([input({ shape: predictions.shape.slice(1) }), layers.identity()]);
  through.compile({ loss, metrics: Array.isArray(metricParts) ? [...metricParts] : [] });
  return through.evaluate(predictions, targets, { batchSize: 1024 });
}
