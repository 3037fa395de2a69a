/** Metrics of numbers that are no losses. Those that are losses too are counted by the losses' own formulas. */
import { defineMetric, divide, type MetricDefinition, meanOverRows } from './metric.ts';

/** √mean((p − y)²) over all outputs. Source: `keras.metrics.RootMeanSquaredError`. */
export const rootMeanSquaredError: MetricDefinition<object> = defineMetric(
  {},
  () => (outputShape) => {
    const squares = meanOverRows(({ targets, predictions, width }, row) => {
      let total = 0;
      for (let place = row * width; place < (row + 1) * width; place++) {
        total += (predictions[place]! - targets[place]!) ** 2;
      }
      return total / width;
    })(outputShape);
    return { ...squares, result: () => Math.sqrt(squares.result() as number) };
  },
  'down',
);

/** The cosine of the angle between target and prediction: the loss of that name without its minus. Source:
 * `keras.metrics.CosineSimilarity`. */
export const cosineSimilarity: MetricDefinition<object> = defineMetric({}, () =>
  meanOverRows(({ targets, predictions, width }, row) => {
    let [product, targetSquares, predictionSquares] = [0, 0, 0];
    for (let place = row * width; place < (row + 1) * width; place++) {
      product += targets[place]! * predictions[place]!;
      targetSquares += targets[place]! ** 2;
      predictionSquares += predictions[place]! ** 2;
    }
    return divide(product, Math.sqrt(targetSquares * predictionSquares));
  }),
);
