/** What grows: a training step of a small convolution network, and the ops of one convolution layer of 3×3 kernels. */
import type { Backend, BackendName } from '../../src/backends/backend.ts';
import { Random } from '../../src/core/random.ts';
import { batchAxis } from '../../src/core/shape.ts';
import { tensor } from '../../src/core/tensor.ts';
import { instructionCost } from '../../src/graph/instruction-cost.ts';
import { sequential } from '../../src/model/model.ts';
import { layers } from '../../src/nn/layers/table.ts';
import { windowFor } from '../../src/ops/window.ts';
import { arena, type CaseInput, exact, type OpCase, variable, weights } from '../../test/cases/case.ts';
import { layersOf } from '../compare/node/layers-of.mjs';
import { openCase } from '../open-case.ts';

/** The convolution's ops, then the whole step. */
export const subjectNames = ['conv2d', 'conv2dInputGradient', 'conv2dKernelGradient', 'training step'] as const;
export type SubjectName = (typeof subjectNames)[number];

/** The size of the work: square pictures, and as many channels as filters. The step's network has channels of its own. */
export interface Extent {
  readonly batch: number;
  readonly size: number;
  readonly channels: number;
  readonly threads: number;
}

/** A subject that can be run again and again. */
export interface OpenSubject {
  readonly run: () => Promise<unknown>;
  /** Operations for one picture, by the direct method. */
  readonly flopsPerPicture: number;
  readonly close: () => Promise<void>;
}

/** The network of the step: picture sizes change its flat end little, so that its time is that of convolutions. */
const network = {
  layers: [
    ['conv', 32, 'valid'],
    ['pool'],
    ['conv', 32, 'valid'],
    ['pool'],
    ['conv', 64, 'valid'],
    ['pool'],
    ['flatten'],
  ],
};
const classes = 4;

/** Makes a subject ready on a backend, which has the threads that the extent names. */
export function openSubject(name: SubjectName, extent: Extent, backend: Backend): Promise<OpenSubject> {
  return name === 'training step' ? openStep(extent, backend) : openConvolution(name, extent, backend);
}

async function openStep({ batch, size, threads }: Extent, { name, instructionSet }: Backend): Promise<OpenSubject> {
  const shape = [size, size, 3];
  const model = sequential(
    [layers.input({ shape }), ...layersOf(network, layers), layers.dense({ units: classes, activation: 'softmax' })],
    { backend: name as BackendName, instructionSet, threads },
  );
  model.compile({ optimizer: 'rmsprop', loss: 'categoricalCrossentropy' });
  const random = new Random(0, 'growth');
  const x = tensor(
    Float32Array.from({ length: batch * size * size * 3 }, () => random.next()),
    [batch, ...shape],
  );
  const y = tensor(
    Float32Array.from({ length: batch * classes }, (_, place) => (place % classes === 0 ? 1 : 0)),
    [batch, classes],
  );
  const trainer = await model.trainer();
  const { instructions } = trainer.executable('train', [x.dtype]).program;
  return {
    run: () => model.trainOnBatch(x, y),
    flopsPerPicture: instructions.reduce((sum, one) => sum + instructionCost(one, batch).flops, 0) / batch,
    close: () => trainer.memory.backend.close(),
  };
}

async function openConvolution(
  op: Exclude<SubjectName, 'training step'>,
  { batch, size, channels }: Extent,
  backend: Backend,
): Promise<OpenSubject> {
  const picture = [batchAxis, size, size, channels];
  const kernel = [3, 3, channels, channels];
  const window = windowFor(picture, [3, 3], [1, 1], 'same');
  const attributes = { ...window, dilationHeight: 1, dilationWidth: 1, groups: 1 };
  const caseOf = (own: object, inputs: readonly CaseInput[]) =>
    ({ name: op, op, attributes: { ...attributes, ...own }, inputs, tolerance: exact }) as unknown as OpCase;
  const cases = {
    conv2d: () => caseOf({ activation: 'relu' }, [arena(picture), variable(kernel), variable([channels])]),
    conv2dInputGradient: () => caseOf({ height: size, width: size }, [arena(picture), variable(kernel)]),
    conv2dKernelGradient: () => caseOf({ kernelHeight: 3, kernelWidth: 3 }, [arena(picture), arena(picture, weights)]),
  };
  const { run, cost } = openCase(backend, cases[op](), batch);
  return { run, flopsPerPicture: cost.flops / batch, close: async () => {} };
}
