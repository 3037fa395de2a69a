/** Runs a network's steps on a model's memory. Programs are compiled at first use, one per kind of step and input type. */
import type { DType, TypedArray } from '../core/dtype.ts';
import { DataError, ShapeError } from '../core/errors.ts';
import { formatShape, sameShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import type { MultiBatch, Tensors } from '../data/dataset.ts';
import { Executable } from '../engine/executable.ts';
import type { ModelMemory } from '../engine/model-memory.ts';
import { type NewVariable, variableType } from '../engine/variable-store.ts';
import type { Layer } from '../nn/layers/layer.ts';
import type { Network } from '../nn/network.ts';
import type { NetworkWeight } from '../nn/placed-layer.ts';
import type { Compiled, OutputTarget } from './compile-options.ts';
import { targetsName } from './loss-graph.ts';
import {
  evaluationGraph,
  gradientName,
  gradientsGraph,
  inputName,
  lossName,
  outputName,
  predictionGraph,
  trainingGraph,
} from './step-graphs.ts';
import { checkSampleWeights, prepareTargets } from './targets.ts';
import { namedTensors } from './tensors.ts';
import { averagesOf, type Slot, slotsOf, trainableWeights } from './update-graph.ts';

/** What a step gave at one of several outputs. */
export interface OutputResult {
  readonly name: string;
  readonly loss: number;
  readonly predictions: Tensor;
  readonly targets: Tensor;
}

/** What a step on a batch gave. */
export interface StepResult {
  /** The mean loss of the batch. */
  readonly loss: number;
  /** In training: before the update. */
  readonly predictions: Tensor;
  /** The targets in the shape of the predictions. */
  readonly targets: Tensor;
  /** Of several outputs: each one's own. The first one's are those above. */
  readonly outputs?: readonly OutputResult[];
  /** The weights of the examples, where they were given. */
  readonly sampleWeights?: Float32Array;
}

type StepKind = 'train' | 'evaluate' | 'predict';

/** A network with its programs. `compiled` may be given later: predicting needs none. */
export class Trainer {
  readonly network: Network;
  readonly memory: ModelMemory;
  readonly seed: number;
  #iterations = 0;
  #compiled: Compiled | undefined;
  #targets: readonly OutputTarget[] | undefined;
  #areSwapped = false;
  /** Layers whose weights stay as they are: those that were frozen when the model was compiled. */
  #frozen: ReadonlySet<Layer> = new Set();
  #executables = new Map<string, Executable>();
  #ones = new Float32Array(0);

  constructor(network: Network, memory: ModelMemory, seed: number) {
    this.network = network;
    this.memory = memory;
    this.seed = seed;
  }

  /** Training steps taken so far: the `step` of optimizers, schedules and dropout. */
  get iterations(): number {
    return this.#iterations;
  }

  set iterations(value: number) {
    this.#iterations = value;
    if (this.#compiled) this.#compiled.optimizer.iterations = value;
  }

  /** Sets the optimizer and loss; an optimizer starts with fresh slots and at step 0. `weights` that the memory does not hold
   * yet are added with the slots, so that it need not grow twice. */
  async compile(compiled: Compiled, weights: readonly NewVariable[] = []): Promise<void> {
    this.#compiled = compiled;
    this.#targets = undefined;
    this.#frozen = this.network.frozenLayers();
    this.iterations = 0;
    this.#areSwapped = false;
    for (const key of [...this.#executables.keys()]) if (!key.startsWith('predict')) this.#executables.delete(key);
    const slots = this.#slots().map(({ name, shape, fill }) => ({ type: variableType(name, shape), data: fill }));
    const isKnown = ({ type }: NewVariable) => this.memory.has(type.name);
    const known = slots.filter(isKnown);
    await this.memory.add([...weights, ...slots.filter((slot) => !isKnown(slot))]);
    for (const { type, data } of known) await this.memory.write(type.name, data);
  }

  /** Gives weights and their moving averages each other's values. False where the optimizer keeps no averages. */
  async swapAverages(): Promise<boolean> {
    const averages = averagesOf(this.#compiled!.optimizer, this.#trainable());
    for (const [weight, average] of averages) {
      const [held, mean] = await Promise.all([this.memory.read(weight), this.memory.read(average)]);
      await this.memory.write(weight, mean);
      await this.memory.write(average, held);
    }
    this.#areSwapped = !this.#areSwapped;
    return averages.size > 0;
  }

  /** Makes the weights their moving averages, where the optimizer keeps them, as Keras at the end of `fit`. */
  async takeAverages(): Promise<void> {
    if (this.iterations === 0) return;
    for (const [weight, average] of averagesOf(this.#compiled!.optimizer, this.#trainable())) {
      // Where they are swapped, the weights are the averages already.
      const [from, to] = this.#areSwapped ? [weight, average] : [average, weight];
      await this.memory.write(to, await this.memory.read(from));
    }
    this.#areSwapped = false;
  }

  /** The names of the optimizer's slots: with the weights and `iterations`, all that a training can be resumed from. */
  get slotNames(): string[] {
    return this.#slots().map(({ name }) => name);
  }

  /** One update, with `learningRate` in place of the optimizer's where it is given. @throws ShapeError or DataError where the batch
   * does not fit the network */
  async train(batch: MultiBatch, learningRate?: number): Promise<StepResult> {
    // Counted before the run, because another step may be asked for while it lasts.
    const step = this.iterations++;
    try {
      return await this.#run('train', batch, this.stepScalars(step, learningRate));
    } catch (error) {
      this.iterations--;
      throw error;
    }
  }

  /** The numbers that a training step is given besides its batch; none where the model is not compiled. */
  stepScalars(step = this.iterations, learningRate?: number): Readonly<Record<string, number>> {
    const scalars = this.#compiled?.optimizer.scalars(step, learningRate) ?? {};
    scalars['seed'] = this.seed | 0;
    scalars['step'] = step;
    return scalars;
  }

  /** One update from gradients that were computed elsewhere, by the names of the weights. Other weights stay. */
  async applyGradients(gradients: ReadonlyMap<string, TypedArray>): Promise<void> {
    const weights = this.#trainable().filter(({ name }) => gradients.has(name));
    const { optimizer } = this.#compiled!;
    const key = `apply ${weights.map(({ name }) => name).join()}`;
    const known = this.#executables.get(key);
    const executable = known ?? Executable.compile(this.memory, gradientsGraph(weights, optimizer));
    this.#executables.set(key, executable);
    const inputs = Object.fromEntries(weights.map(({ name }) => [gradientName(name), gradients.get(name)!]));
    const scalars = this.stepScalars(this.iterations++);
    await executable.run({ batch: 1, inputs, scalars, read: [] });
  }

  /** The weights that training changes. */
  get trainableWeights(): readonly NetworkWeight[] {
    return this.#trainable();
  }

  /** Loss and predictions without an update. */
  evaluate(batch: MultiBatch): Promise<StepResult> {
    return this.#run('evaluate', batch, {});
  }

  /** For each output, predictions `[batch, …]` for inputs `[batch, …]`. */
  async predict(inputs: Tensors): Promise<Tensor[]> {
    const { types, data, batch } = this.prepareInputs(inputs);
    const { outputs } = await this.executable('predict', types).run({ batch, inputs: data });
    return this.network.outputs.map((_, index) => outputs[outputName(index)]!);
  }

  /** The compiled program of a kind of step. */
  executable(kind: StepKind, inputTypes: readonly DType[], { fusion = true }: { fusion?: boolean } = {}): Executable {
    const key = `${kind} ${inputTypes.join()}${fusion ? '' : ' without fusion'}`;
    const known = this.#executables.get(key);
    if (known) return known;
    const made = Executable.compile(this.memory, this.#graph(kind, inputTypes), { fusion });
    this.#executables.set(key, made);
    return made;
  }

  #graph(kind: StepKind, inputTypes: readonly DType[]) {
    const plan = { network: this.network, inputTypes, frozen: this.#frozen };
    if (kind === 'predict') return predictionGraph(plan);
    const targets = this.#outputTargets();
    return kind === 'evaluate'
      ? evaluationGraph(plan, targets)
      : trainingGraph(plan, targets, this.#compiled!.optimizer);
  }

  #slots(): Slot[] {
    return slotsOf(this.#compiled!.optimizer, this.#trainable());
  }

  #outputTargets(): readonly OutputTarget[] {
    this.#targets ??= this.#compiled!.targets(this.network);
    return this.#targets;
  }

  #trainable(): NetworkWeight[] {
    return trainableWeights(this.network, this.#frozen);
  }

  async #run(
    kind: 'train' | 'evaluate',
    batch: MultiBatch,
    scalars: Readonly<Record<string, number>>,
  ): Promise<StepResult> {
    const { types, data, batch: count } = this.prepareInputs(batch.inputs);
    const { outputNames, outputs: symbolic } = this.network;
    const given = namedTensors('fit', 'targets', batch.targets, outputNames);
    const losses = this.#outputTargets();
    const targets = given.map((target, index) => prepareTargets(target, losses[index]!.loss, symbolic[index]!.shape));
    for (const { shape } of targets) {
      if (shape[0] === count) continue;
      throw new ShapeError(`fit: expected as many targets as inputs (${count}), received ${shape[0]}.`);
    }
    if (batch.sampleWeights) checkSampleWeights(batch.sampleWeights, count);
    const sampleWeights = batch.sampleWeights ?? this.#onesOf(count);
    const inputs: Record<string, TypedArray> = { ...data, sampleWeights };
    targets.forEach((target, index) => {
      inputs[targetsName(index)] = target.data;
    });
    const { outputs } = await this.executable(kind, types).run({ batch: count, inputs, scalars });
    const results = targets.map((target, index) => ({
      name: outputNames[index]!,
      loss: outputs[targets.length > 1 ? lossName(index) : 'loss']!.data[0]!,
      predictions: outputs[outputName(index)]!,
      targets: target,
    }));
    return {
      loss: outputs['loss']!.data[0]!,
      predictions: results[0]!.predictions,
      targets: targets[0]!,
      ...(results.length > 1 && { outputs: results }),
      ...(batch.sampleWeights && { sampleWeights }),
    };
  }

  #onesOf(count: number): Float32Array {
    if (this.#ones.length !== count) this.#ones = new Float32Array(count).fill(1);
    return this.#ones;
  }

  /** Checks inputs, and names them as programs do. @throws ShapeError or DataError where they do not fit the network */
  prepareInputs(given: Tensors): { types: DType[]; data: Record<string, TypedArray>; batch: number } {
    const { network } = this;
    const inputs = namedTensors('fit', 'inputs', given, network.inputNames);
    const batch = inputs[0]!.shape[0] ?? 0;
    const types: DType[] = [];
    const data: Record<string, TypedArray> = {};
    inputs.forEach(({ shape, dtype, data: numbers }, index) => {
      const where = inputs.length === 1 ? 'inputs' : `inputs: "${network.inputNames[index]}"`;
      const expected = network.inputs[index]!.shape;
      if (!sameShape(shape.slice(1), expected.slice(1))) {
        throw new ShapeError(`${where}: expected shape ${formatShape(expected)}, received ${formatShape(shape)}.`);
      }
      if (shape[0] === 0) throw new DataError(`${where}: expected at least one example, received none.`);
      if (shape[0] !== batch) {
        throw new ShapeError(`${where}: expected ${batch} examples, as the first input has, received ${shape[0]}.`);
      }
      const isKnown = dtype === 'float32' || dtype === 'uint8';
      types.push(isKnown ? dtype : 'float32');
      data[inputName(index)] = isKnown ? numbers : Float32Array.from(numbers);
    });
    return { types, data, batch };
  }
}
