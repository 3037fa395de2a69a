/** RandomCrop: a part of each picture, somewhere else each time. */
import { floor, multiply } from '../../../ops/elementwise.ts';
import type { Value } from '../../../ops/op.ts';
import { resize } from '../../../ops/resize2d.ts';
import { checkCount } from '../arguments.ts';
import { cropToRatio } from '../resizing.ts';
import type { DataFormatOption } from './picture-options.ts';
import { type RandomLayer, randomLayer } from './random-layer.ts';
import { moved, transformRows } from './transforms.ts';

/** Options of `randomCrop`. */
export interface RandomCropOptions extends DataFormatOption {
  /** Rows of the output. */
  height: number;
  /** Columns of the output. */
  width: number;
}

type Config = { readonly height: number; readonly width: number };

/** Each picture is cut at a place of its own; pixels keep their values. Outside training, and where pictures are not larger than
 * the output in both directions, the largest part in the middle with the output's proportions is resized to it. Input
 * `[batch, height, width, channels]`, output with the height and width that are asked for. */
export const randomCrop: RandomLayer<RandomCropOptions, Config, 'transform'> = randomLayer({
  className: 'RandomCrop',
  options: ['height', 'width'],
  configure: ({ height, width }, where) => ({
    height: checkCount(where, 'height', height),
    width: checkCount(where, 'width', width),
  }),
  draws: (config, shape) => (isCut(config, shape) ? 2 : 0),
  parameters(draws, { height, width }, shape) {
    const start = (size: number, part: number) => floor(multiply(draws.next(), size - part + 1));
    const top = start(shape[1]!, height);
    const left = start(shape[2]!, width);
    return { transform: transformRows(top, [1, 0, left, 0, 1, top]) };
  },
  pixels: (x, { transform }, { height, width }) =>
    moved(x, transform, { interpolation: 'nearest', fillMode: 'nearest', size: [height, width] }),
  otherwise: largestPart,
});

function isCut({ height, width }: Config, shape: readonly number[]): boolean {
  return shape[1]! > height && shape[2]! > width;
}

/** The largest part in the middle with the output's proportions, resized to it. */
function largestPart(x: Value, { height, width }: Config): Value {
  return resize(cropToRatio(x, { height, width }), [height, width], 'bilinear');
}
