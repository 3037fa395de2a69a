/** A model's answers to pictures that have no known class, in the order in which they were asked. */
import { AbortError } from '../../core/errors.ts';
import { tensor } from '../../core/tensor.ts';
import { createInputs, pictureShape, putScaled, type SkippedFile } from '../../data/index.ts';
import { type DecodeResult, decodePictures } from '../../data/node/index.ts';
import type { PictureViews } from '../../model/predict-with-augmentation.ts';
import type { JobObserver } from './job-observer.ts';
import type { PictureModel } from './run-models.ts';

const batchSize = 32;

/** The model's first answers to a picture, the most probable one first. */
export interface Prediction {
  readonly path: string;
  readonly answers: readonly { readonly className: string; readonly probability: number }[];
  readonly error?: never;
}

/** A picture that could not be read. */
export interface UnreadPicture {
  readonly path: string;
  readonly error: string;
  readonly reason: SkippedFile['reason'];
  readonly answers?: never;
}

/** How pictures are predicted. */
export interface PredictOptions {
  /** How many answers to each picture. */
  readonly topK: number;
  readonly observer: JobObserver;
  readonly signal?: AbortSignal | undefined;
  /** Views whose answers are averaged, where they are wanted. */
  readonly views?: PictureViews | undefined;
  /** The largest picture that is read, in pixels. */
  readonly pixelLimit?: number | undefined;
}

/** Predicts files, prepared exactly as training prepared its pictures. @throws AbortError where the signal says so */
export async function* predictPictures(
  from: PictureModel,
  files: readonly string[],
  options: PredictOptions,
): AsyncGenerator<Prediction | UnreadPicture, void, undefined> {
  const { observer, signal, pixelLimit } = options;
  let read = 0;
  const task = observer.start('Predicting', files.length);
  let waiting: DecodeResult[] = [];
  let done = 0;
  for await (const result of decodePictures(
    files,
    from.preprocessing,
    pixelLimit === undefined ? {} : { pixelLimit },
  )) {
    if (signal?.aborted)
      throw new AbortError(`predict: stopped after ${done} of ${files.length} pictures.`, { cause: signal.reason });
    waiting.push(result);
    if (waiting.length < batchSize && done + waiting.length < files.length) continue;
    yield* await predictBatch(from, waiting, read, options);
    read += waiting.filter(({ pixels }) => pixels).length;
    done += waiting.length;
    waiting = [];
    task.update(done);
  }
  task.end();
}

async function predictBatch(
  from: PictureModel,
  results: readonly DecodeResult[],
  first: number,
  { topK, views }: PredictOptions,
): Promise<(Prediction | UnreadPicture)[]> {
  const { model, preprocessing, classNames } = from;
  const read = results.flatMap(({ pixels }) => (pixels ? [pixels] : []));
  const shape = pictureShape(preprocessing);
  const size = shape[0] * shape[1] * shape[2];
  const data = createInputs(preprocessing, read.length * size);
  for (const [index, pixels] of read.entries()) putScaled(pixels, preprocessing, data, index * size);
  const pictures = tensor(data, [read.length, ...shape]);
  const predict = () => (views ? views.predict(model, pictures, first) : model.predict(pictures));
  const predictions = read.length === 0 ? undefined : await predict();
  let row = 0;
  return results.map(({ path, error }) => {
    if (error) return { path, error: error.message, reason: error.reason };
    const start = row++ * classNames.length;
    const answers = classNames.map((className, label) => ({
      className,
      probability: predictions!.data[start + label]!,
    }));
    return { path, answers: answers.sort((a, b) => b.probability - a.probability).slice(0, topK) };
  });
}
