/** Layers as a program of their own: a batch of pictures and each picture's random numbers go in, the changed pictures come
 * out. What is drawn follows from (seed, layer, epoch, picture) and nothing else. */
import type { DType, TypedArray } from '../core/dtype.ts';
import { OptionError } from '../core/errors.ts';
import { Random } from '../core/random.ts';
import { formatShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { type BackendOptions, chooseBackend, defaultBackend } from '../engine/choose-backend.ts';
import { Executable } from '../engine/executable.ts';
import { ModelMemory } from '../engine/model-memory.ts';
import { variableType } from '../engine/variable-store.ts';
import { Graph } from '../graph/graph.ts';
import type { Network } from '../nn/network.ts';
import { asBytes } from '../ops/to-bytes.ts';
import { mixedPictures } from './batch-mixer.ts';
import type { BatchPlace } from './changed-dataset.ts';

/** The element types that augmented pictures can have. */
export const augmentedTypes = ['uint8', 'float32'] as const;

/** Bytes are rounded and kept within 0…255. */
export type AugmentedType = (typeof augmentedTypes)[number];

/** What a program is made for. */
export interface AugmentationPlan {
  readonly network: Network;
  readonly inputType: DType;
  readonly outputType: AugmentedType;
  readonly seed: number;
  /** Whether pictures are mixed with others of their batch at the end. */
  readonly mixes: boolean;
  readonly backend: BackendOptions;
}

/** An input of random numbers: so many for each picture, from a layer's own stream, after those that it has drawn before. */
interface Draws {
  readonly name: string;
  readonly stream: number;
  readonly before: number;
  readonly count: number;
}

/** The compiled program, with the memory that is its own. */
export class AugmentationProgram {
  readonly #executable: Executable;
  readonly #plan: AugmentationPlan;
  readonly #draws: readonly Draws[];

  private constructor(executable: Executable, plan: AugmentationPlan, draws: readonly Draws[]) {
    this.#executable = executable;
    this.#plan = plan;
    this.#draws = draws;
  }

  /** Traces and compiles. */
  static async compile(plan: AugmentationPlan): Promise<AugmentationProgram> {
    const { network, seed } = plan;
    const graph = new Graph();
    const draws: Draws[] = [];
    const input = graph.input('inputs', network.inputs[0]!.shape, plan.inputType);
    const { outputs } = network.trace(graph, [input], {
      training: true,
      drawPerExample(count, stream) {
        const before = draws.reduce((sum, other) => (other.stream === stream ? sum + other.count : sum), 0);
        const name = `draws ${draws.length + 1}`;
        draws.push({ name, stream, before, count });
        return graph.input(name, [input.shape[0]!, count]);
      },
    });
    const [output] = outputs;
    const mixed = plan.mixes ? mixedPictures(graph, output!) : output!;
    graph.output('outputs', plan.outputType === 'uint8' ? asBytes(mixed) : mixed);
    const isNamed = Object.keys(plan.backend).length > 0;
    const { backend } = await (isNamed ? chooseBackend(plan.backend) : defaultBackend());
    const memory = new ModelMemory(backend);
    const fills = network.initialize(seed);
    await memory.add(
      network.weights.map(({ name, shape }) => ({ type: variableType(name, shape), data: fills.get(name)! })),
    );
    return new AugmentationProgram(Executable.compile(memory, graph), plan, draws);
  }

  /** The changed pictures. `mixture` has the inputs of mixing, where the program mixes. */
  async run(pictures: Tensor, place: BatchPlace, mixture: Readonly<Record<string, TypedArray>> = {}): Promise<Tensor> {
    const { seed } = this.#plan;
    const batch = place.indices.length;
    const inputs: Record<string, TypedArray> = { inputs: pictures.data, ...mixture };
    for (const draws of this.#draws) inputs[draws.name] = drawn(draws, seed, place);
    const scalars = { seed: seed | 0, step: place.step };
    const { outputs } = await this.#executable.run({ batch, inputs, scalars });
    return outputs['outputs']!;
  }
}

/** @throws OptionError where a layer has weights that would have to be trained */
export function checkNothingTrains(network: Network): void {
  const weight = network.weights.find(({ trainable }) => trainable);
  if (!weight) return;
  throw new OptionError(
    `augment: expected layers without weights to train, received "${weight.name}" ${formatShape(weight.shape)}. Put that layer into the model.`,
  );
}

/** `[batch, count]` numbers from 0 to below 1, each picture's own. */
function drawn({ stream, before, count }: Draws, seed: number, { epoch, indices }: BatchPlace): Float32Array {
  const numbers = new Float32Array(indices.length * count);
  indices.forEach((index, place) => {
    const random = new Random(seed, stream, epoch, index);
    for (let skipped = 0; skipped < before; skipped++) random.next();
    for (let column = 0; column < count; column++) numbers[place * count + column] = random.next();
  });
  return numbers;
}
