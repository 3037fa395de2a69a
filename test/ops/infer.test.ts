/** Protects the shapes that ops infer, and the messages about shapes that do not fit. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MemoryType } from '../../src/backends/backend.ts';
import { OptionError, ShapeError } from '../../src/core/errors.ts';
import { batchAxis, type Shape } from '../../src/core/shape.ts';
import { type AttributesFor, definitionOf, type OpName } from '../../src/ops/table.ts';

const window = { strideHeight: 1, strideWidth: 1, paddingTop: 0, paddingBottom: 0, paddingLeft: 0, paddingRight: 0 };
const undilated = { dilationHeight: 1, dilationWidth: 1, groups: 1 };
const convolution = { ...window, ...undilated, activation: 'linear' as const };
const pooling = { ...window, strideHeight: 2, strideWidth: 2, poolHeight: 2, poolWidth: 2 };
const plain = { transposeA: 'no', transposeB: 'no', activation: 'linear' } as const;

function infer<Name extends OpName>(
  op: Name,
  shapes: readonly Shape[],
  attributes: AttributesFor<Name>,
  dtype: MemoryType = 'float32',
) {
  const inputs = shapes.map((shape) => ({ shape, dtype }));
  return definitionOf(op).infer(inputs, attributes as never, `${op} in block`);
}

function shapesOf(types: ReturnType<typeof infer>): Shape[] {
  return types.map(({ shape }) => shape);
}

describe('shapes of results', () => {
  it('conv2d: [batch, rows, columns, filters]', () => {
    const shapes = [
      [batchAxis, 10, 12, 3],
      [3, 5, 3, 8],
    ];
    assert.deepEqual(shapesOf(infer('conv2d', shapes, convolution)), [[batchAxis, 8, 8, 8]]);
    const strided = { ...convolution, strideHeight: 2, strideWidth: 3, paddingTop: 1, paddingBottom: 1 };
    assert.deepEqual(shapesOf(infer('conv2d', shapes, strided)), [[batchAxis, 5, 3, 8]]);
    const dilated = { ...convolution, dilationHeight: 2, dilationWidth: 2 };
    assert.deepEqual(shapesOf(infer('conv2d', shapes, dilated)), [[batchAxis, 6, 4, 8]]);
  });

  it('gradients of conv2d: those of the pictures and of the kernel', () => {
    const dy = [batchAxis, 8, 8, 8];
    const inputGradient = { ...window, ...undilated, height: 10, width: 12 };
    assert.deepEqual(shapesOf(infer('conv2dInputGradient', [dy, [3, 5, 3, 8]], inputGradient)), [
      [batchAxis, 10, 12, 3],
    ]);
    const kernelGradient = { ...window, ...undilated, kernelHeight: 3, kernelWidth: 5 };
    assert.deepEqual(shapesOf(infer('conv2dKernelGradient', [[batchAxis, 10, 12, 3], dy], kernelGradient)), [
      [3, 5, 3, 8],
    ]);
    const depthwise = { ...kernelGradient, groups: 4 };
    assert.deepEqual(shapesOf(infer('conv2dKernelGradient', [[batchAxis, 10, 12, 4], dy], depthwise)), [[3, 5, 1, 8]]);
  });

  it('maxPool2d: the largest values, and their places as bytes', () => {
    const types = infer('maxPool2d', [[batchAxis, 5, 7, 3]], pooling);
    assert.deepEqual(shapesOf(types), [
      [batchAxis, 2, 3, 3],
      [batchAxis, 2, 3, 3],
    ]);
    assert.deepEqual(
      types.map(({ dtype }) => dtype),
      ['float32', 'uint8'],
    );
    const back = infer('maxPool2dGradient', shapesOf(types), { ...pooling, height: 5, width: 7 });
    assert.deepEqual(shapesOf(back), [[batchAxis, 5, 7, 3]]);
  });

  it('conv2dMaxPool2d: as one op after the other, and its gradients', () => {
    const pool = { poolHeight: 2, poolWidth: 3 };
    const shapes = [[batchAxis, 10, 12, 3], [3, 5, 3, 8], [8]];
    const types = infer('conv2dMaxPool2d', shapes, { ...convolution, ...pool });
    const pooled = [batchAxis, 4, 2, 8];
    assert.deepEqual(types, [
      { shape: pooled, dtype: 'float32' },
      { shape: pooled, dtype: 'uint8' },
    ]);
    const attributes = { ...window, ...undilated, kernelHeight: 3, kernelWidth: 5, ...pool, height: 8, width: 8 };
    const back = infer('conv2dMaxPool2dKernelGradient', [shapes[0]!, pooled, pooled], attributes);
    assert.deepEqual(shapesOf(back), [[3, 5, 3, 8], [8]]);
    const pictures = infer('conv2dMaxPool2dInputGradient', [pooled, shapes[1]!, pooled], {
      ...window,
      ...undilated,
      ...pool,
      height: 10,
      width: 12,
    });
    assert.deepEqual(shapesOf(pictures), [shapes[0]]);
  });

  it('matMul: with either matrix transposed', () => {
    const sizes = { no: [batchAxis, 3], yes: [3, batchAxis] };
    const others = { no: [3, 5], yes: [5, 3] };
    for (const transposeA of ['no', 'yes'] as const) {
      for (const transposeB of ['no', 'yes'] as const) {
        const types = infer('matMul', [sizes[transposeA], others[transposeB], [5]], {
          ...plain,
          transposeA,
          transposeB,
        });
        assert.deepEqual(shapesOf(types), [[batchAxis, 5]]);
      }
    }
  });

  it('reductions: the axes go, or stay with size 1', () => {
    const axes = { firstAxis: 1, lastAxis: 2 };
    assert.deepEqual(shapesOf(infer('reduceSum', [[batchAxis, 3, 4, 5]], { ...axes, keepAxes: 'no' })), [
      [batchAxis, 5],
    ]);
    assert.deepEqual(shapesOf(infer('reduceMax', [[batchAxis, 3, 4, 5]], { ...axes, keepAxes: 'yes' })), [
      [batchAxis, 1, 1, 5],
    ]);
  });

  it('softmax, elementwise ops and reshape', () => {
    assert.deepEqual(shapesOf(infer('softmax', [[batchAxis, 4]], {})), [[batchAxis, 4]]);
    assert.deepEqual(
      shapesOf(
        infer(
          'add',
          [
            [batchAxis, 1, 4],
            [3, 1],
          ],
          {},
        ),
      ),
      [[batchAxis, 3, 4]],
    );
    assert.deepEqual(shapesOf(infer('broadcast', [[4]], { shape: [batchAxis, 4] })), [[batchAxis, 4]]);
    assert.deepEqual(shapesOf(infer('reshape', [[batchAxis, 3, 4]], { shape: [batchAxis, 12] })), [[batchAxis, 12]]);
    assert.deepEqual(shapesOf(infer('randomUniform', [[], []], { shape: [7], stream: 1 }, 'int32')), [[7]]);
  });

  it('uint8 pictures become float32', () => {
    assert.deepEqual(infer('rescale', [[batchAxis, 2]], { scale: 1, offset: 0 }, 'uint8')[0]!.dtype, 'float32');
    assert.deepEqual(infer('reshape', [[batchAxis, 2]], { shape: [batchAxis, 2, 1] }, 'uint8')[0]!.dtype, 'uint8');
  });
});

describe('shapes that do not fit', () => {
  const refused: readonly (readonly [string, () => unknown, typeof ShapeError | typeof OptionError, string])[] = [
    [
      'conv2d with other channels',
      () =>
        infer(
          'conv2d',
          [
            [batchAxis, 9, 9, 3],
            [3, 3, 4, 8],
          ],
          convolution,
        ),
      ShapeError,
      'conv2d in block: expected pictures [batch, height, width, channels] and a kernel [height, width, channels, filters] ' +
        'with equal channels, received [batch, 9, 9, 3] and [3, 3, 4, 8].',
    ],
    [
      'conv2d of a flat input',
      () =>
        infer(
          'conv2d',
          [
            [batchAxis, 9],
            [3, 3, 9, 8],
          ],
          convolution,
        ),
      ShapeError,
      'conv2d in block: expected pictures [batch, height, width, channels] and a kernel [height, width, channels, filters] ' +
        'with equal channels, received [batch, 9] and [3, 3, 9, 8].',
    ],
    [
      'conv2d with another bias',
      () => infer('conv2d', [[batchAxis, 9, 9, 3], [3, 3, 3, 8], [4]], convolution),
      ShapeError,
      'conv2d in block: expected a bias of shape [8], received [4].',
    ],
    [
      'conv2d larger than its input',
      () =>
        infer(
          'conv2d',
          [
            [batchAxis, 2, 9, 3],
            [3, 3, 3, 8],
          ],
          convolution,
        ),
      ShapeError,
      'conv2d in block: expected an input of at least 3×3 for its window, received [batch, 2, 9, 3]. ' +
        'Use larger pictures, fewer poolings, or padding "same".',
    ],
    [
      'maxPool2d of a flat input',
      () => infer('maxPool2d', [[batchAxis, 9]], pooling),
      ShapeError,
      'maxPool2d in block: expected pictures [batch, height, width, channels], received [batch, 9].',
    ],
    [
      'maxPool2d with a window whose places no byte can number',
      () => infer('maxPool2d', [[batchAxis, 99, 99, 3]], { ...pooling, poolHeight: 16, poolWidth: 17 }),
      OptionError,
      'maxPool2d in block: expected a pool window of at most 256 places, received 16×17.',
    ],
    [
      'conv2dMaxPool2d with a window whose places leave no byte that says none',
      () =>
        infer(
          'conv2dMaxPool2d',
          [
            [batchAxis, 99, 99, 3],
            [3, 3, 3, 4],
          ],
          {
            ...convolution,
            poolHeight: 16,
            poolWidth: 16,
          },
        ),
      OptionError,
      'conv2dMaxPool2d in block: expected a pool window of at most 255 places, received 16×16.',
    ],
    [
      'matMul with other inner sizes',
      () =>
        infer(
          'matMul',
          [
            [batchAxis, 3],
            [4, 5],
          ],
          plain,
        ),
      ShapeError,
      'matMul in block: expected two matrices with equal inner sizes, received [batch, 3] and [4, 5].',
    ],
    [
      'matMul of pictures',
      () =>
        infer(
          'matMul',
          [
            [batchAxis, 4, 4],
            [4, 5],
          ],
          plain,
        ),
      ShapeError,
      'matMul in block: expected two matrices with equal inner sizes, received [batch, 4, 4] and [4, 5].',
    ],
    [
      'matMul with another bias',
      () =>
        infer(
          'matMul',
          [
            [batchAxis, 4],
            [4, 5],
            [5, 1],
          ],
          plain,
        ),
      ShapeError,
      'matMul in block: expected a bias of shape [5], received [5, 1].',
    ],
    [
      'a reduction over an axis that is not there',
      () => infer('reduceSum', [[batchAxis, 4]], { firstAxis: 1, lastAxis: 2, keepAxes: 'no' }),
      OptionError,
      'reduceSum in block: expected axes from 0 to 1 in order, received 1 to 2.',
    ],
    [
      'a reduction over axes in disorder',
      () => infer('reduceMax', [[batchAxis, 4]], { firstAxis: 1, lastAxis: 0, keepAxes: 'no' }),
      OptionError,
      'reduceMax in block: expected axes from 0 to 1 in order, received 1 to 0.',
    ],
    [
      'reshape to another number of elements',
      () => infer('reshape', [[batchAxis, 4]], { shape: [batchAxis, 5] }),
      ShapeError,
      'reshape in block: expected a shape with as many elements as [batch, 4], received [batch, 5].',
    ],
    [
      'reshape that loses the batch',
      () => infer('reshape', [[batchAxis, 4]], { shape: [4] }),
      ShapeError,
      'reshape in block: expected a shape with as many elements as [batch, 4], received [4].',
    ],
  ];
  for (const [name, action, kind, message] of refused) {
    it(name, () => {
      assert.throws(action, { constructor: kind, message });
    });
  }
});

describe('flops', () => {
  const flopsOf = <Name extends OpName>(op: Name, shapes: readonly Shape[], attributes: AttributesFor<Name>) => {
    const inputs = shapes.map((shape) => ({ shape, dtype: 'float32' as const }));
    return definitionOf(op).flops!(inputs, infer(op, shapes, attributes), attributes as never);
  };

  it('count multiplications and additions of one example', () => {
    const shapes = [
      [batchAxis, 10, 10, 3],
      [3, 3, 3, 8],
    ];
    assert.equal(flopsOf('conv2d', shapes, convolution), 2 * 8 * 8 * 8 * 27);
    const pool = { poolHeight: 3, poolWidth: 3 };
    assert.equal(flopsOf('conv2dMaxPool2d', shapes, { ...convolution, ...pool }), 6 * 6 * 8 * (2 * 27 + 1));
    const pooled = [batchAxis, 2, 2, 8];
    const back = { ...window, ...undilated, kernelHeight: 3, kernelWidth: 3, ...pool, height: 8, width: 8 };
    assert.equal(
      flopsOf('conv2dMaxPool2dKernelGradient', [shapes[0]!, pooled, pooled], back),
      2 * 8 * 8 * 8 * 27 + 2 * 2 * 2 * 8,
    );
    assert.equal(
      flopsOf('conv2dMaxPool2dInputGradient', [pooled, shapes[1]!, pooled], {
        ...window,
        ...undilated,
        ...pool,
        height: 10,
        width: 10,
      }),
      2 * 6 * 6 * 8 * 27 + 2 * 2 * 8,
    );
    assert.equal(
      flopsOf(
        'matMul',
        [
          [batchAxis, 30],
          [30, 7],
        ],
        plain,
      ),
      2 * 30 * 7,
    );
    assert.equal(flopsOf('add', [[batchAxis, 30], [30]], {}), 30);
  });

  it('are never negative', () => {
    const reduced = flopsOf('reduceMax', [[batchAxis, 6]], { firstAxis: 1, lastAxis: 1, keepAxes: 'no' });
    assert.equal(reduced, 6);
  });
});
