/** Protects the kernels of the family `conv2dMaxPool2d`: every backend and instruction set must agree with the float64
 * reference, and joining a convolution with its pooling must not change a bit. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Graph } from '../../src/graph/graph.ts';
import { poolingSideBySide } from '../../src/ops/conv2d-max-pool2d.ts';
import type { Value } from '../../src/ops/op.ts';
import { sum } from '../../src/ops/reduce.ts';
import type { GraphCase, OpCase } from '../cases/case.ts';
import { uniform } from '../cases/case.ts';
import { conv2dMaxPool2dCases } from '../cases/conv2d-max-pool2d.ts';
import { listTargets } from '../support/backends-under-test.ts';
import { programOf } from '../support/case-program.ts';
import { testParity } from '../support/parity.ts';
import { runCase } from '../support/run-case.ts';

await testParity('conv2dMaxPool2d');
const targets = await listTargets();

type Apart = (graph: Graph, inputs: readonly Value[]) => void;

function forwardApart({ attributes }: OpCase<'conv2dMaxPool2d'>, isBetweenRead: boolean): Apart {
  const { poolHeight, poolWidth, ...convolution } = attributes;
  return (graph, inputs) => {
    const [between] = graph.apply('conv2d', inputs, convolution);
    if (isBetweenRead) graph.output('between', between!);
    const outputs = graph.apply('maxPool2d', [between!], poolingSideBySide({ poolHeight, poolWidth }));
    // Behind a ReLU the places of the joined op say more.
    outputs.slice(0, attributes.activation === 'relu' ? 1 : 2).forEach((value, index) => {
      graph.output(`output${index}`, value);
    });
  };
}

function backwardApart({ attributes }: OpCase<'conv2dMaxPool2dKernelGradient'>, isBetweenRead: boolean): Apart {
  const { poolHeight, poolWidth, height, width, ...convolution } = attributes;
  const pooling = { ...poolingSideBySide({ poolHeight, poolWidth }), height, width };
  return (graph, [x, dy, places]) => {
    const [between] = graph.apply('maxPool2dGradient', [dy!, places!], pooling);
    if (isBetweenRead) graph.output('between', between!);
    graph.output('output0', graph.apply('conv2dKernelGradient', [x!, between!], convolution)[0]!);
    if (!isBetweenRead) graph.output('dbias', sum(between!, 0, 2));
  };
}

/** The case as two ops. Where someone reads what lies between them, they stay apart. */
function inTwoOps(testCase: (typeof conv2dMaxPool2dCases)[number], isBetweenRead: boolean): GraphCase {
  const { name, batch = 1, tolerance } = testCase;
  // Sums of these numbers depend on their order.
  const inputs = testCase.inputs.map((input) => (input.dtype === 'uint8' ? input : { ...input, fill: uniform(-1, 1) }));
  const build =
    testCase.op === 'conv2dMaxPool2d' ? forwardApart(testCase, isBetweenRead) : backwardApart(testCase, isBetweenRead);
  return { name, batch, tolerance, inputs, build };
}

const opsOf = (graphCase: GraphCase) =>
  programOf(graphCase).program.instructions.map((instruction) => (instruction.kind === 'kernel' ? instruction.op : ''));

describe('a convolution joined with its pooling', () => {
  for (const { backend, instructionSet, missing, open } of targets) {
    it(`gives the bits that two ops give on ${backend} ${instructionSet}`, { skip: missing ?? false }, async () => {
      const opened = await open(2);
      for (const testCase of conv2dMaxPool2dCases) {
        const [joined, apart] = [inTwoOps(testCase, false), inTwoOps(testCase, true)];
        assert.deepEqual([opsOf(joined), opsOf(apart).length], [[testCase.op], 2], testCase.name);
        const expected = (await runCase(opened, apart)).outputs;
        for (const [name, numbers] of Object.entries((await runCase(opened, joined)).outputs)) {
          if (!expected[name]) continue;
          const bytes = [numbers, expected[name]!].map(({ buffer, byteOffset, byteLength }) =>
            Buffer.from(buffer, byteOffset, byteLength),
          );
          assert.ok(bytes[0]!.equals(bytes[1]!), `${testCase.name}: ${name}`);
        }
      }
      await opened.close();
    });
  }
});
