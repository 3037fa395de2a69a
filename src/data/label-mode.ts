/** How class numbers become targets: Keras's `label_mode`. */
import { OptionError } from '../core/errors.ts';
import { checkName } from '../core/options.ts';
import type { Tensor } from '../core/tensor.ts';
import { toCategorical } from './to-categorical.ts';

/** The forms that targets take, by Keras's names. */
export const labelModes = ['categorical', 'int', 'binary'] as const;

/** `categorical`: one-hot `[batch, classes]`; `int`: class numbers `[batch, 1]`; `binary`: 0 or 1 `[batch, 1]`, two classes only. */
export type LabelMode = (typeof labelModes)[number];

/** The shape of one target. @throws OptionError where `binary` is asked for with other than two classes */
export function targetShapeOf(mode: LabelMode, classCount: number): number[] {
  checkName('labelMode', 'label mode', mode, labelModes);
  if (mode === 'binary' && classCount !== 2) {
    throw new OptionError(
      `labelMode: "binary" needs two classes, received ${classCount}. Use "categorical" or "int" instead.`,
    );
  }
  return [mode === 'categorical' ? classCount : 1];
}

/** Targets of a batch: float32 `[batch, classes]` or `[batch, 1]`. */
export function encodeLabels(labels: readonly number[], mode: LabelMode, classCount: number): Tensor {
  if (mode === 'categorical') return toCategorical(labels, classCount);
  return { shape: [labels.length, 1], dtype: 'float32', data: Float32Array.from(labels) };
}
