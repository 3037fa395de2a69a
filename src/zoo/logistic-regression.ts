/** Logistic regression on the pixels: one dense layer. The baseline that a network must beat. */
import { checkKeys, checkNumber } from '../core/options.ts';
import { layers } from '../nn/layers/table.ts';
import type { SequentialPart } from '../nn/network.ts';

/** Parameters of `logisticRegression`. */
export interface LogisticRegressionOptions {
  /** The shape of a picture: `[height, width, channels]`, bytes from 0 to 255. */
  inputShape: readonly [number, number, number];
  /** Outputs. */
  classes: number;
}

/** The layers: rescaling, flattening, softmax of one matrix product. */
export function logisticRegression(options: LogisticRegressionOptions): SequentialPart[] {
  checkKeys('logisticRegression', options, ['inputShape', 'classes']);
  const classes = checkNumber('logisticRegression', 'classes', options.classes, { integer: true, min: 2 });
  return [
    layers.input({ shape: options.inputShape }),
    layers.rescaling({ scale: 1 / 255 }),
    layers.flatten(),
    layers.dense({ units: classes, activation: 'softmax' }),
  ];
}
