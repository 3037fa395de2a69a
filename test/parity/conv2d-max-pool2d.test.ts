/** Protects the kernels of the family `conv2dMaxPool2d`: every backend and instruction set must agree with the float64
 * reference, and joining a convolution with its pooling must not change a bit. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Graph } from '../../src/graph/graph.ts';
import { poolingSideBySide } from '../../src/ops/conv2d-max-pool2d.ts';
import type { Value } from '../../src/ops/op.ts';
import { sum } from '../../src/ops/reduce.ts';
import type { AttributesFor } from '../../src/ops/table.ts';
import type { CaseInput, GraphCase, OpCase } from '../cases/case.ts';
import { uniform } from '../cases/case.ts';
import { conv2dMaxPool2dCases } from '../cases/conv2d-max-pool2d.ts';
import { listTargets } from '../support/backends-under-test.ts';
import { programOf } from '../support/case-program.ts';
import { describeDifference } from '../support/compare.ts';
import { testParity } from '../support/parity.ts';
import { runCase } from '../support/run-case.ts';

await testParity('conv2dMaxPool2d');
const targets = await listTargets();

type Case = (typeof conv2dMaxPool2dCases)[number];
type Apart = (graph: Graph, inputs: readonly Value[]) => void;

function forwardApart({ attributes }: OpCase<'conv2dMaxPool2d'>, isBetweenRead: boolean): Apart {
  const { poolHeight, poolWidth, ...steps } = attributes;
  const convolution = { ...steps, groups: 1 };
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

function inputGradientApart(testCase: OpCase<'conv2dMaxPool2dInputGradient'>, isBetweenRead: boolean): Apart {
  const {
    attributes,
    inputs: [{ shape }],
  } = testCase as typeof testCase & { inputs: [CaseInput] };
  const { poolHeight, poolWidth, ...steps } = attributes;
  const convolution = { ...steps, groups: 1 };
  const [, rows, columns] = shape as [number, number, number];
  const pooling = {
    ...poolingSideBySide({ poolHeight, poolWidth }),
    height: rows * poolHeight,
    width: columns * poolWidth,
  };
  return (graph, [dy, kernel, places]) => {
    const [between] = graph.apply('maxPool2dGradient', [dy!, places!], pooling);
    if (isBetweenRead) graph.output('between', between!);
    graph.output('output0', graph.apply('conv2dInputGradient', [between!, kernel!], convolution)[0]!);
  };
}

function kernelGradientApart({ attributes }: OpCase<'conv2dMaxPool2dKernelGradient'>, isBetweenRead: boolean): Apart {
  const { poolHeight, poolWidth, height, width, ...steps } = attributes;
  const convolution = { ...steps, groups: 1 };
  const pooling = { ...poolingSideBySide({ poolHeight, poolWidth }), height, width };
  return (graph, [x, dy, places]) => {
    const [between] = graph.apply('maxPool2dGradient', [dy!, places!], pooling);
    if (isBetweenRead) graph.output('between', between!);
    graph.output('output0', graph.apply('conv2dKernelGradient', [x!, between!], convolution)[0]!);
    if (!isBetweenRead) graph.output('dbias', sum(between!, 0, 2));
  };
}

/** The case as two ops. Where someone reads what lies between them, they stay apart. */
function inTwoOps(testCase: Case, isBetweenRead: boolean): GraphCase {
  const { name, batch = 1, tolerance } = testCase;
  // Sums of these numbers depend on their order.
  const inputs = testCase.inputs.map((input) => (input.dtype === 'uint8' ? input : { ...input, fill: uniform(-1, 1) }));
  return { name, batch, tolerance, inputs, build: apart(testCase, isBetweenRead) };
}

function apart(testCase: Case, isBetweenRead: boolean): Apart {
  switch (testCase.op) {
    case 'conv2dMaxPool2d':
      return forwardApart(testCase, isBetweenRead);
    case 'conv2dMaxPool2dInputGradient':
      return inputGradientApart(testCase, isBetweenRead);
    case 'conv2dMaxPool2dKernelGradient':
      return kernelGradientApart(testCase, isBetweenRead);
  }
}

/** Convolutions of few channels are joined with any pooling, but for their input gradients; those of many channels where the
 * pooling fits into tiles. */
function isJoined({ op, attributes, inputs }: Case): boolean {
  const { poolHeight, poolWidth, strideHeight, strideWidth } = attributes;
  const kernel = (op === 'conv2dMaxPool2dKernelGradient' ? inputs[0] : inputs[1])!.shape;
  const channels = op === 'conv2dMaxPool2dKernelGradient' ? kernel[3]! : kernel[2]!;
  const isPlain = [poolHeight, poolWidth].join() === '2,2' && strideHeight === 1 && strideWidth === 1;
  return channels < 16 ? op !== 'conv2dMaxPool2dInputGradient' : isPlain;
}

/** Tiles of rows and columns that no window covers are left out where both are joined, so sums have another order. */
function hasOrder({ op, attributes }: Case): boolean {
  if (op !== 'conv2dMaxPool2dKernelGradient') return true;
  const { height, width, poolHeight, poolWidth } = attributes as AttributesFor<typeof op>;
  return height % poolHeight === 0 && width % poolWidth === 0;
}

const opsOf = (graphCase: GraphCase) =>
  programOf(graphCase).program.instructions.map((instruction) => (instruction.kind === 'kernel' ? instruction.op : ''));

describe('a convolution joined with its pooling', () => {
  for (const { backend, instructionSet, missing, open } of targets) {
    it(`gives the bits that two ops give on ${backend} ${instructionSet}`, { skip: missing ?? false }, async () => {
      const opened = await open(2);
      for (const testCase of conv2dMaxPool2dCases) {
        const [joined, twoOps] = [inTwoOps(testCase, false), inTwoOps(testCase, true)];
        assert.equal(opsOf(twoOps).length, 2, testCase.name);
        assert.equal(opsOf(joined).join() === testCase.op, isJoined(testCase), testCase.name);
        const expected = (await runCase(opened, twoOps)).outputs;
        for (const [name, numbers] of Object.entries((await runCase(opened, joined)).outputs)) {
          if (!expected[name]) continue;
          if (!hasOrder(testCase)) {
            assert.equal(describeDifference(numbers, expected[name]!, testCase.tolerance), undefined, testCase.name);
            continue;
          }
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
