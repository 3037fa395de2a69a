/** The fixed views of a picture that flips and quarter turns make: two, four or eight, each exactly once. */
import { arrayClass } from '../core/dtype.ts';
import type { Tensor } from '../core/tensor.ts';
import type { Layer } from '../nn/layers/layer.ts';

/** Mirrored from left to right where it says so, then turned by so many quarters. */
export interface DihedralView {
  readonly isMirrored: boolean;
  readonly turns: 0 | 1 | 2 | 3;
}

/** All views that the layers can make, the picture as it is first; none where a layer does something else. */
export function dihedralViews(layers: readonly Layer[]): readonly DihedralView[] | undefined {
  const names = layers.map(({ className }) => className);
  if (layers.length === 0 || names.some((name) => name !== 'RandomFlip' && name !== 'RandomRot90')) return undefined;
  const modes = layers.filter(({ className }) => className === 'RandomFlip').map(({ config }) => config['mode']);
  const canMirror = modes.some((mode) => mode !== 'vertical');
  const canUpend = modes.some((mode) => mode !== 'horizontal');
  const view = (turns: DihedralView['turns'], isMirrored = false): DihedralView => ({ turns, isMirrored });
  if (names.includes('RandomRot90')) {
    const turned = ([0, 1, 2, 3] as const).map((turns) => view(turns));
    return modes.length === 0 ? turned : [...turned, ...turned.map(({ turns }) => view(turns, true))];
  }
  return [
    view(0),
    ...(canMirror ? [view(0, true)] : []),
    // Top to bottom is left to right and half a turn.
    ...(canUpend ? [view(2, true)] : []),
    ...(canMirror && canUpend ? [view(2)] : []),
  ];
}

/** Pictures `[batch, height, width, channels]` as a view shows them; those turned by one or three quarters are square. */
export function viewOf(pictures: Tensor, { isMirrored, turns }: DihedralView): Tensor {
  if (turns === 0 && !isMirrored) return pictures;
  const { data, shape, dtype } = pictures;
  const [batch, height, width, channels] = shape as [number, number, number, number];
  const changed = new (arrayClass(dtype))(data.length);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const [y, across] = [
        [row, column],
        [column, height - 1 - row],
        [height - 1 - row, width - 1 - column],
        [width - 1 - column, row],
      ][turns] as [number, number];
      const x = isMirrored ? width - 1 - across : across;
      for (let picture = 0; picture < batch; picture++) {
        const from = ((picture * height + y) * width + x) * channels;
        const to = ((picture * height + row) * width + column) * channels;
        for (let channel = 0; channel < channels; channel++) changed[to + channel] = data[from + channel]!;
      }
    }
  }
  return { shape, dtype, data: changed };
}
