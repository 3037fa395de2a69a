/** A convolution with the max pooling of its result, and its gradients: one kernel of the oracle after the
 * other, with the pictures in between in memory of their own. */
import { elementCount, type Shape } from '../../core/shape.ts';
import { beforePooling, noPlace, poolingSideBySide } from '../../ops/conv2d-max-pool2d.ts';
import { conv2d, conv2dInputGradient, conv2dKernelGradient } from './conv2d.ts';
import type { Kernel, View } from './kernel.ts';
import { maxPool2d, maxPool2dGradient } from './max-pool2d.ts';

function emptyView(shape: Shape): View {
  return { values: new Float64Array(elementCount(shape)), shape };
}

/** Outputs: the largest value of each window of the convolution, and its place in the window (row-major); behind a ReLU,
 * `noPlace` where that value is not above 0. */
export const conv2dMaxPool2d: Kernel<'conv2dMaxPool2d'> = (inputs, outputs, attributes) => {
  const types = inputs.map(({ shape }) => ({ shape, dtype: 'float32' as const }));
  const between = emptyView(beforePooling(types, attributes, 'conv2dMaxPool2d').shape);
  conv2d(inputs, [between], { ...attributes, groups: 1 });
  maxPool2d([between], outputs, poolingSideBySide(attributes));
  if (attributes.activation !== 'relu') return;
  const [y, places] = outputs as [View, View];
  y.values.forEach((value, index) => {
    if (!(value > 0)) places.values[index] = noPlace;
  });
};

/** What arrives at the pooled values, without what passes nowhere. */
function passing(dy: View, places: View): View {
  return {
    ...dy,
    values: Float64Array.from(dy.values, (value, index) => (places.values[index] === noPlace ? 0 : value)),
  };
}

/** dx from dy of the pooled values, which goes to the place that was largest. */
export const conv2dMaxPool2dInputGradient: Kernel<'conv2dMaxPool2dInputGradient'> = (inputs, outputs, attributes) => {
  const [dy, kernel, places] = inputs as [View, View, View];
  const [batch, rows, columns, filters] = dy.shape as [number, number, number, number];
  const [height, width] = [rows * attributes.poolHeight, columns * attributes.poolWidth];
  const between = emptyView([batch, height, width, filters]);
  maxPool2dGradient([passing(dy, places), places], [between], { ...poolingSideBySide(attributes), height, width });
  conv2dInputGradient([between, kernel], outputs, { ...attributes, groups: 1 });
};

/** dkernel from dy of the pooled values, which goes to the place that was largest; dbias is the sum of what goes on. */
export const conv2dMaxPool2dKernelGradient: Kernel<'conv2dMaxPool2dKernelGradient'> = (inputs, outputs, attributes) => {
  const [x, arriving, places] = inputs as [View, View, View];
  const [dk, dbias] = outputs as [View, View];
  const { height, width } = attributes;
  const dy = passing(arriving, places);
  const between = emptyView([dy.shape[0]!, height, width, dy.shape[3]!]);
  maxPool2dGradient([dy, places], [between], { ...poolingSideBySide(attributes), height, width });
  conv2dKernelGradient([x, between], [dk], { ...attributes, groups: 1 });
  dbias.values.fill(0);
  dy.values.forEach((value, index) => {
    dbias.values[index % dbias.values.length]! += value;
  });
};
