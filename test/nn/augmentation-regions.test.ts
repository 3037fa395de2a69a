// Protects: what erasing, blurring and stretching draw and leave, and that randAugment changes each picture by what was drawn.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { layers } from '../../src/nn/layers/table.ts';
import { mixed } from '../support/formula.ts';
import { moved, outputs, parametersOf } from './augmented.ts';

describe('equalized tiles', () => {
  it('takes no part in a tile for more than its limit, in training and outside', async () => {
    const equalized = (options: object, training: boolean) =>
      outputs(layers.contrastLimitedAdaptiveHistogramEqualization(options), [16, 16, 1], { training, batch: 1 });
    // Without a limit the one value of a tile becomes the brightest; with one it keeps its place among those below it.
    assert.deepEqual(await equalized({ clipLimit: 0, tileGridSize: [2, 2] }, false), new Array(256).fill(255));
    const limited = await equalized({ clipLimit: 4, tileGridSize: [2, 2] }, true);
    assert.deepEqual(limited, await equalized({ clipLimit: 4, tileGridSize: [2, 2] }, false));
    // 63 of the 64 pixels are dealt out over the levels from 0 on, every fourth; 26 of them and the one left are up to 100.
    assert.deepEqual(limited, new Array(256).fill(Math.round((27 * 255) / 64)));
  });
});

describe('equalized pictures', () => {
  it('are all, or those that are drawn', async () => {
    const draws = [[0.1], [0.6]];
    assert.deepEqual(await moved('equalization', { factor: [0.5, 0.5] }, [2, 3], draws), [
      [0, 51, 102, 153, 204, 255],
      [1, 2, 3, 4, 5, 6],
    ]);
    const layer = layers.contrastLimitedAdaptiveHistogramEqualization({
      factor: 1,
      clipLimit: 0,
      tileGridSize: [1, 1],
    });
    const drawn = await outputs(layer, [2, 2, 1], { batch: 400 });
    const share = drawn.filter((value) => value === 255).length / drawn.length;
    assert.ok(Math.abs(share - 0.5) < 0.1, `${share}`);
  });
});

describe('rectangles, blur and rubber', () => {
  it('erases a part of the size that was drawn', async () => {
    const options = { factor: [1, 1], scale: [0.25, 0.25], fillValue: 0 };
    const draws = [
      [0.5, 0.9, 0, 0.1, 0],
      [0.5, 0.1, 0.999, 0.9, 0.999],
    ];
    assert.deepEqual(await moved('randomErasing', options, [2, 4], draws), [
      [0, 0, 3, 4, 5, 6, 7, 8],
      [1, 2, 3, 4, 5, 6, 0, 0],
    ]);
    const rare = await moved('randomErasing', { ...options, factor: [0.2, 0.2] }, [2, 4], [[0.5, 0.5, 0, 0.5, 0]]);
    assert.deepEqual(rare, [[1, 2, 3, 4, 5, 6, 7, 8]]);
    const { fill } = await parametersOf('randomErasing', { valueRange: [-1, 1] }, [[0, 0, 0, 0, 0, 0, 0.5, 0.75]]);
    assert.deepEqual(fill, [-1, 0, 0.5]);
  });

  it('blurs by deviations of each picture, and leaves those that are not chosen', async () => {
    const draws = [
      [0.4, 0.5, 1 - 2 ** -24],
      [0.6, 0.5, 0.5],
    ];
    const { across, down } = await parametersOf('randomGaussianBlur', { sigma: [0.2, 0.8] }, draws);
    assert.deepEqual(
      [...across!, ...down!].map((value) => Math.round(value * 1e4) / 1e4),
      [0.5, 0, 0.8, 0],
    );
    const [blurred, left] = await moved('randomGaussianBlur', {}, [2, 3], draws);
    assert.deepEqual(left, [1, 2, 3, 4, 5, 6]);
    assert.notDeepEqual(blurred, left);
  });

  it('moves pixels in both directions, by as much as its scale says', async () => {
    const draws = Array.from({ length: 40 }, (_, picture) => [
      0.4,
      picture < 20 ? 1 - 2 ** -24 : 0.5,
      ...Array.from({ length: 200 }, (_, place) => mixed(picture * 200 + place) / 2 ** 32),
    ]);
    const { shifts } = await parametersOf('randomElasticTransform', {}, draws, [50, 50, 1]);
    const deviation = (values: readonly number[]) => Math.hypot(...values) / Math.sqrt(values.length);
    const half = shifts!.length / 2;
    const [large, small] = [deviation(shifts!.slice(0, half)), deviation(shifts!.slice(half))];
    assert.ok(large > 0.8 && large < 1.5, `${large} pixels of 50`);
    assert.ok(Math.abs(small / large - 0.5) < 0.05, `${small} at half the scale`);
    const [down, across] = [0, 1].map((side) => shifts!.slice(0, half).filter((_, place) => place % 2 === side));
    const together = down!.reduce((sum, value, place) => sum + value * across![place]!, 0) / down!.length;
    assert.ok(Math.abs(together) < 0.2 * large ** 2, `down and across go together by ${together}`);
    const none = await parametersOf('randomElasticTransform', { factor: [0.2, 0.2] }, draws.slice(0, 1), [50, 50, 1]);
    assert.ok(none['shifts']!.every((value) => value === 0));
  });
});

describe('randAugment', () => {
  it('changes each picture by what was drawn for it', async () => {
    // One change of ten, then shear and translation twice each, the turn, and seven numbers for colours.
    const rest = [0.5, 0.5, 1 - 2 ** -24, 0.5, 0.5, 1 - 2 ** -24, 0, 0, 0, 0, 0, 0];
    const draws = [0.15, 0.35, 0.95, 0.05].map((change) => [change, ...rest]);
    const options = { numOps: 1, factor: 0.5 };
    const [translated, brighter, stretched, sheared] = await moved('randAugment', options, [2, 3], draws);
    assert.deepEqual(
      translated!.map((value) => Math.round(value * 1e3) / 1e3),
      [1, 2, 3, 1, 2, 3],
    );
    assert.deepEqual(
      brighter!.map((value) => Math.round(value * 10) / 10),
      [128.5, 129.5, 130.5, 131.5, 132.5, 133.5],
    );
    assert.deepEqual(stretched, [0, 51, 102, 153, 204, 255]);
    assert.deepEqual(sheared, [1, 2, 3, 4, 5, 6]);
  });

  it('does nothing with no changes, and stays in the value range with many', async () => {
    assert.deepEqual(await outputs(layers.randAugment({ numOps: 0 }), [2, 2, 3]), new Array(24).fill(100));
    const many = await outputs(layers.randAugment({ numOps: 8 }), [8, 8, 3], { batch: 20 });
    assert.ok(many.every((value) => value >= 0 && value <= 255));
    const firsts = new Set(Array.from({ length: 20 }, (_, picture) => many[picture * 192]));
    assert.ok(firsts.size > 10, `${firsts.size} of 20 pictures differ`);
  });
});
