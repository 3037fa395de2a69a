/** Weights of classes: each example counts as much as its class says. */
import { OptionError } from '../core/errors.ts';
import { checkNumber } from '../core/options.ts';
import type { Shape } from '../core/shape.ts';
import type { MultiBatch } from '../data/dataset.ts';
import { firstTensor } from './tensors.ts';

/** Weights by class number; a class without one counts 1. */
export type ClassWeight = Readonly<Record<number, number>>;

/** @throws OptionError where a class does not exist, or a weight is negative or not a number */
export function checkClassWeight(classWeight: ClassWeight, outputShape: Shape): void {
  const outputs = outputShape.length < 2 ? 1 : outputShape.at(-1)!;
  const classes = Math.max(2, outputs);
  for (const [label, weight] of Object.entries(classWeight)) {
    const number = Number(label);
    if (!Number.isInteger(number) || number < 0 || number >= classes) {
      throw new OptionError(
        `fit: expected classWeight for classes from 0 to ${classes - 1}, received one for ${label}. Classes are numbered from 0.`,
      );
    }
    checkNumber('fit', `classWeight of class ${label}`, weight, { min: 0 });
  }
}

/** The batch with sample weights multiplied by the weights of its classes: those of its first output. */
export function withClassWeight(batch: MultiBatch, classWeight: ClassWeight | undefined): MultiBatch {
  if (!classWeight) return batch;
  const { data, shape } = firstTensor(batch.targets);
  const width = data.length / Math.max(1, shape[0]!);
  const sampleWeights = Float32Array.from({ length: shape[0]! }, (_, example) => {
    let label = data[example * width]!;
    if (width > 1) {
      label = 0;
      for (let place = 1; place < width; place++)
        if (data[example * width + place]! > data[example * width + label]!) label = place;
    }
    return (batch.sampleWeights?.[example] ?? 1) * (classWeight[label] ?? 1);
  });
  return { ...batch, sampleWeights };
}
