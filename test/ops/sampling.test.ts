/** Protects the shapes of transformed and filtered pictures, and the messages about what does not fit. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { batchAxis } from '../../src/core/shape.ts';
import { gradient } from '../../src/graph/gradient.ts';
import { Graph } from '../../src/graph/graph.ts';
import { transformPictures } from '../../src/ops/affine-transform.ts';
import { displacePictures } from '../../src/ops/displace.ts';
import { equalizeLocally, equalizePictures } from '../../src/ops/equalize-histogram.ts';
import { mixPictures, recolorPictures } from '../../src/ops/mix-colors.ts';
import { sum } from '../../src/ops/reduce.ts';
import { filterPictures } from '../../src/ops/separable-filter.ts';
import { takeExamples } from '../../src/ops/take.ts';
import { asBytes } from '../../src/ops/to-bytes.ts';

describe('affineTransform', () => {
  it('reads bytes and floats as they are, and gives floats of any size', () => {
    for (const dtype of ['uint8', 'float32'] as const) {
      const graph = new Graph();
      const [x, transforms] = [graph.input('x', [batchAxis, 5, 7, 3], dtype), graph.input('t', [batchAxis, 8])];
      const y = transformPictures(x, transforms);
      assert.deepEqual([y.shape, y.dtype, y.node.inputs[0]], [[batchAxis, 5, 7, 3], 'float32', x]);
      assert.deepEqual(transformPictures(x, transforms, { size: [2, 9] }).shape, [batchAxis, 2, 9, 3]);
    }
  });

  it('refuses what is no picture, transforms that do not fit, sizes without pixels', () => {
    const graph = new Graph();
    const [x, transforms] = [graph.input('x', [batchAxis, 5, 7, 3]), graph.input('t', [batchAxis, 8])];
    assert.throws(() => transformPictures(transforms, transforms), {
      name: 'ShapeError',
      message:
        'affineTransform: expected pictures [batch, height, width, channels] of uint8 or float32, ' +
        'received float32 [batch, 8].',
    });
    for (const [given, size] of [
      [graph.input('six', [batchAxis, 6]), [5, 7]],
      [graph.input('one', [1, 8]), [5, 7]],
      [transforms, [0, 7]],
    ] as const) {
      const received = given.shape.join(', ').replace('-1', 'batch');
      assert.throws(() => transformPictures(x, given, { size }), {
        name: 'ShapeError',
        message:
          'affineTransform: expected a transform of 8 numbers for each picture, float32 [batch, 8], and a size from 1×1, ' +
          `received float32 [${received}] and ${size.join('×')}.`,
      });
    }
  });

  it('has no gradient, and says so', () => {
    const graph = new Graph();
    const weight = graph.variable('weight', [1, 8]);
    const y = transformPictures(graph.input('x', [1, 5, 7, 3]), weight);
    assert.throws(() => gradient(graph, sum(y), [weight]), {
      message: 'gradient: affineTransform has no gradient, and the loss depends on it.',
    });
  });
});

describe('other ops on pictures', () => {
  const picture = [batchAxis, 5, 7, 3] as const;

  it('displace takes two offsets for each pixel', () => {
    const graph = new Graph();
    const [x, offsets] = [graph.input('x', picture, 'uint8'), graph.input('offsets', [batchAxis, 5, 7, 2])];
    assert.deepEqual(displacePictures(x, offsets).shape, picture);
    assert.throws(() => displacePictures(x, graph.input('one', [batchAxis, 5, 7, 1])), {
      name: 'ShapeError',
      message:
        'displace: expected two numbers, down and to the right, for each pixel, float32 [batch, 5, 7, 2], ' +
        'received float32 [batch, 5, 7, 1].',
    });
  });

  it('separableFilter takes odd numbers of weights for each picture', () => {
    const graph = new Graph();
    const [x, three, four] = [
      graph.input('x', picture),
      graph.input('3', [batchAxis, 3]),
      graph.input('4', [batchAxis, 4]),
    ];
    assert.deepEqual(filterPictures(x, three, three, 'reflect').shape, picture);
    assert.throws(() => filterPictures(x, three, four), {
      name: 'ShapeError',
      message:
        'separableFilter: expected an odd number of float32 weights down and across for each picture, ' +
        'received float32 [batch, 3] and float32 [batch, 4].',
    });
  });

  it('take keeps the element type and takes int32 numbers in a row', () => {
    const graph = new Graph();
    const [x, numbers] = [graph.input('x', picture, 'uint8'), graph.input('numbers', [batchAxis], 'int32')];
    const y = takeExamples(x, numbers);
    assert.deepEqual([y.shape, y.dtype], [picture, 'uint8']);
    assert.throws(() => takeExamples(x, graph.input('floats', [batchAxis])), {
      name: 'ShapeError',
      message:
        'take: expected an array with a first axis, and int32 numbers [count] of its examples, ' +
        'received [batch, 5, 7, 3] and float32 [batch].',
    });
  });

  it('toBytes leaves bytes as they are', () => {
    const graph = new Graph();
    const x = graph.input('x', picture, 'uint8');
    assert.equal(asBytes(x), x);
    assert.equal(asBytes(graph.input('y', picture)).dtype, 'uint8');
  });
});

describe('colours changed', () => {
  const given = (channels: number, ...sizes: number[]) => {
    const graph = new Graph();
    const x = graph.input('x', [batchAxis, 5, 7, channels], 'uint8');
    return [x, graph.input('changes', [batchAxis, ...sizes])] as const;
  };
  const bounds = { low: 0, high: 255 };

  it('have as many channels as there are rows of weights', () => {
    assert.deepEqual(mixPictures(...given(3, 2, 4), bounds).shape, [batchAxis, 5, 7, 2]);
    assert.deepEqual(recolorPictures(...given(3, 2), bounds).shape, [batchAxis, 5, 7, 3]);
  });

  it('refuse what does not fit', () => {
    assert.throws(() => mixPictures(...given(3, 3, 3), bounds), {
      name: 'ShapeError',
      message:
        'mixChannels: expected float32 weights [batch, any, 4] for pictures of 3 channels, received float32 [batch, 3, 3].',
    });
    assert.throws(() => recolorPictures(...given(1, 2), bounds), {
      name: 'ShapeError',
      message:
        'adjustHsv: expected pictures of 3 channels and two float32 numbers for each, received [batch, 5, 7, 1] and float32 [batch, 2].',
    });
  });
});

describe('equalized histograms', () => {
  const pictures = () => new Graph().input('x', [batchAxis, 5, 7, 3], 'uint8');

  it('keep the shape', () => {
    assert.deepEqual(equalizePictures(pictures()).shape, [batchAxis, 5, 7, 3]);
    assert.deepEqual(equalizeLocally(pictures()).shape, [batchAxis, 5, 7, 3]);
  });

  it('refuse numbers of bins and tiles that cannot be', () => {
    for (const bins of [1, 65_537, 2.5]) {
      assert.throws(() => equalizePictures(pictures(), bins), {
        name: 'OptionError',
        message: `equalizeHistogram: expected from 2 to 65536 bins, received ${bins}.`,
      });
    }
    for (const [tiles, clipLimit] of [
      [[0, 8], 2],
      [[8, 65], 2],
      [[8, 8], -1],
    ] as const) {
      assert.throws(() => equalizeLocally(pictures(), { tiles, clipLimit }), {
        name: 'OptionError',
        message:
          'clahe: expected from 1 to 64 tiles down and across and a clip limit from 0, ' +
          `received ${tiles.join('×')} and ${clipLimit}.`,
      });
    }
  });
});
