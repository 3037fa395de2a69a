// Protects: programs take bytes and give bytes on every backend, small ones on the caller's thread and others.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openReferenceBackend } from '../../src/backends/reference/index.ts';
import { batchAxis } from '../../src/core/shape.ts';
import { Executable } from '../../src/engine/executable.ts';
import { ModelMemory } from '../../src/engine/model-memory.ts';
import { Graph } from '../../src/graph/graph.ts';
import { transformPictures } from '../../src/ops/affine-transform.ts';
import { multiply } from '../../src/ops/elementwise.ts';
import { takeExamples } from '../../src/ops/take.ts';
import { asBytes } from '../../src/ops/to-bytes.ts';
import { listTargets } from '../support/backends-under-test.ts';

/** Pictures flipped and at half their brightness, in another order. */
function flipped(size: number): Graph {
  const graph = new Graph();
  const pictures = takeExamples(
    graph.input('pictures', [batchAxis, size, size, 3], 'uint8'),
    graph.input('order', [batchAxis], 'int32'),
  );
  const moved = transformPictures(pictures, graph.input('transforms', [batchAxis, 8]));
  graph.output('order', pictures);
  graph.output('flipped', asBytes(multiply(moved, 0.5)));
  return graph;
}

function expectedOf(pictures: Uint8Array, size: number): Uint8Array {
  const length = size * size * 3;
  return Uint8Array.from({ length: 2 * length }, (_, place) => {
    const [pixel, channel] = [Math.floor((place % length) / 3), place % 3];
    const from = pixel - (pixel % size) + size - 1 - (pixel % size);
    const half = pictures[(place < length ? length : 0) + from * 3 + channel]! / 2;
    return half % 1 === 0 ? half : 2 * Math.round(half / 2);
  });
}

const targets = [
  { title: 'reference', open: async () => openReferenceBackend(), missing: undefined },
  ...(await listTargets()).map(({ backend, instructionSet, missing, open }) => ({
    title: `${backend} ${instructionSet}`,
    open: () => open(2),
    missing,
  })),
];

describe('bytes', () => {
  for (const { title, open, missing } of targets) {
    it(`go in and come out on ${title}`, { skip: missing ?? false }, async () => {
      const backend = await open();
      for (const size of [5, 96]) {
        const executable = Executable.compile(new ModelMemory(backend), flipped(size));
        const pictures = Uint8Array.from({ length: 2 * size * size * 3 }, (_, place) => (place * 37 + 11) % 256);
        const transforms = Float32Array.from(
          { length: 16 },
          (_, place) => [-1, 0, size - 1, 0, 1, 0, 0, 0][place % 8]!,
        );
        const inputs = { pictures, transforms, order: Int32Array.of(1, 0) };
        const { outputs } = await executable.run({ batch: 2, inputs });
        assert.ok(outputs['flipped']!.data instanceof Uint8Array);
        assert.deepEqual(outputs['flipped']!.dtype, 'uint8');
        assert.deepEqual(Buffer.from(outputs['flipped']!.data), Buffer.from(expectedOf(pictures, size)));
        const half = pictures.length / 2;
        assert.deepEqual(
          Buffer.from(outputs['order']!.data as Uint8Array).subarray(0, half),
          Buffer.from(pictures).subarray(half),
        );
      }
      await backend.close();
    });
  }
});
