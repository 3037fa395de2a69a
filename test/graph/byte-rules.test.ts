// Protects: pictures stay bytes where ops sample them, only where that changes no number.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { batchAxis } from '../../src/core/shape.ts';
import { Graph } from '../../src/graph/graph.ts';
import { simplify } from '../../src/graph/simplify.ts';
import { transformPictures } from '../../src/ops/affine-transform.ts';
import { multiply, rescale } from '../../src/ops/elementwise.ts';
import type { Value } from '../../src/ops/op.ts';
import type { SamplingOptions } from '../../src/ops/sampling.ts';
import { asBytes } from '../../src/ops/to-bytes.ts';

const nearest = { interpolation: 'nearest', fillMode: 'nearest' } as const;

/** The ops that are left, those that sample with what they read and give. */
function left(build: (x: Value, moved: (x: Value, options?: SamplingOptions) => Value) => Value): string[] {
  const graph = new Graph();
  const transforms = graph.input('transforms', [batchAxis, 8]);
  const x = graph.input('x', [batchAxis, 4, 5, 3], 'uint8');
  graph.output(
    'y',
    build(x, (from, options = {}) => transformPictures(from, transforms, options)),
  );
  return simplify(graph).nodes.flatMap(({ op, inputs, outputs }) =>
    op === 'input' || op === 'constant'
      ? []
      : op === 'affineTransform'
        ? [`${inputs[0]!.dtype} to ${outputs[0]!.dtype}`]
        : [op],
  );
}

describe('pictures stay bytes', () => {
  it('where they are sampled, without a copy as floats', () => {
    assert.deepEqual(
      left((x, moved) => moved(rescale(x, 1, 0))),
      ['uint8 to float32'],
    );
    assert.deepEqual(
      left((x, moved) => moved(rescale(x, 2, 0))),
      ['rescale', 'float32 to float32'],
    );
  });

  it('where they are sampled to become bytes', () => {
    assert.deepEqual(
      left((x, moved) => asBytes(moved(rescale(x, 1, 0)))),
      ['uint8 to uint8'],
    );
    assert.deepEqual(
      left((x, moved) => asBytes(multiply(moved(x), 2))),
      ['uint8 to float32', 'multiply', 'toBytes'],
    );
  });

  it('where pixels are picked to be sampled again', () => {
    assert.deepEqual(
      left((x, moved) => moved(moved(rescale(x, 1, 0), nearest))),
      ['uint8 to uint8', 'uint8 to float32'],
    );
    assert.deepEqual(
      left((x, moved) => moved(moved(x))),
      ['uint8 to float32', 'float32 to float32'],
    );
    assert.deepEqual(
      left((x, moved) => moved(moved(x, { ...nearest, fillValue: 0.5 }))),
      ['uint8 to float32', 'float32 to float32'],
    );
    assert.deepEqual(
      left((x, moved) => multiply(moved(x, nearest), 2)),
      ['uint8 to float32', 'multiply'],
    );
  });
});
