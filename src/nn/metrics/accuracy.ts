/** Accuracy in Keras's forms. `accuracy` is resolved as Keras 3 does: binary for one output, else by the largest output
 * (class numbers are one-hot rows by then). The binary form counts each output by itself, so over one-hot rows it is
 * higher than the share of pictures that are right: Keras 2 chose it for binary cross-entropy, and course notes that
 * compare losses by it compare different things. Ask for `binaryAccuracy` to see that number. */
import type { TypedArray } from '../../core/dtype.ts';
import type { Shape } from '../../core/shape.ts';
import { type Metric, meanMetric } from './metric.ts';

function largest(data: TypedArray, start: number, width: number): number {
  let best = 0;
  for (let place = 1; place < width; place++) if (data[start + place]! > data[start + best]!) best = place;
  return best;
}

/** The share of outputs on the right side of 0.5 (a prediction of exactly 0.5 counts as no). */
export function binaryAccuracy(name = 'binaryAccuracy'): Metric {
  return meanMetric(name, (targets, predictions, example, width) => {
    let right = 0;
    for (let place = example * width; place < (example + 1) * width; place++) {
      if (predictions.data[place]! > 0.5 === targets.data[place]! > 0.5) right++;
    }
    return right / width;
  });
}

/** The share of examples whose largest output stands where the target's does. */
export function categoricalAccuracy(name = 'categoricalAccuracy'): Metric {
  return meanMetric(name, ({ data: targets }, { data: predictions }, example, width) =>
    largest(targets, example * width, width) === largest(predictions, example * width, width) ? 1 : 0,
  );
}

/** The form of `accuracy` that Keras 3 takes for outputs of this shape. */
export function accuracy(outputShape: Shape): Metric {
  return outputShape.at(-1) === 1 ? binaryAccuracy('accuracy') : categoricalAccuracy('accuracy');
}
