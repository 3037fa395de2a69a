/** Where the time of a step goes: each instruction with its milliseconds, operations and bytes, and the shortest time
 * that the machine's peak allows for them. */
import type { MachinePeak } from '../backends/backend.ts';
import type { TypedArray } from '../core/dtype.ts';
import { checkKeys, checkName, checkNumber } from '../core/options.ts';
import { Random } from '../core/random.ts';
import { elementCount } from '../core/shape.ts';
import type { Executable } from '../engine/executable.ts';
import { instructionCost } from '../graph/instruction-cost.ts';
import { type Instruction, instructionName } from '../graph/program.ts';
import type { Trainer } from './trainer.ts';

/** The kinds of steps that can be profiled. */
export const profileKinds = ['train', 'evaluate', 'predict'] as const;

/** Options of a profile. */
export interface ProfileOptions {
  /** Examples in the step; default 32. */
  readonly batchSize?: number;
  /** Default `train`. */
  readonly step?: (typeof profileKinds)[number];
  /** Timed runs, after two that are not; default 10. */
  readonly repeats?: number;
  /** False shows what convolutions and products have taken in, pooling, activations and updates, as instructions of their
   * own; default true, the step as it runs. */
  readonly fusion?: boolean;
}

/** Which part of a step an instruction belongs to. */
export type ProfilePhase = 'forward' | 'gradient' | 'update';

/** One instruction of the step. */
export interface ProfileRow {
  /** The op; `elementwise` for fused ones, `matMul+elementwise` for a product with its only readers. */
  readonly op: string;
  /** The layer that asked for it, as `conv2d_1`; `loss` for the loss, `inputs` before any layer. A fused instruction counts for its last op's. */
  readonly layer: string;
  readonly phase: ProfilePhase;
  /** The median over the timed runs. */
  readonly ms: number;
  /** Operations of the direct method: one that needs fewer is rated by these all the same. */
  readonly flops: number;
  /** Bytes of its operands: what must be read and written at least once, from memory or from a cache. */
  readonly bytes: number;
  /** The shortest time that the peak allows, and what sets it (the roofline); absent where no peak could be measured. */
  readonly limit?: { readonly by: 'compute' | 'memory'; readonly ms: number };
}

/** A step's instructions in order, and the whole. */
export interface Profile {
  readonly backend: string;
  readonly instructionSet: string;
  readonly threads: number;
  readonly batchSize: number;
  readonly step: (typeof profileKinds)[number];
  readonly repeats: number;
  readonly fusion: boolean;
  readonly rows: readonly ProfileRow[];
  /** The median of whole steps as the caller of the engine sees them, copying the batch in included. */
  readonly stepMs: number;
  /** The median of what a step takes beside its instructions: copying the batch in, starting, answering. */
  readonly outsideMs: number;
  readonly arenaBytes: number;
  /** What the machine can do with this backend; absent for the reference. */
  readonly peak?: MachinePeak;
}

const warmUps = 2;

/**
 * Runs steps on random examples, whole ones and ones that are timed by instruction in turn. Weights, slots and the number
 * of steps taken are the same afterwards.
 *
 * @throws OptionError for an unknown option
 */
export async function profileStep(trainer: Trainer, options: ProfileOptions = {}): Promise<Profile> {
  checkKeys('profile', options, ['batchSize', 'step', 'repeats', 'fusion']);
  const { fusion = true } = options;
  const batchSize = checkNumber('profile', 'batchSize', options.batchSize ?? 32, { integer: true, min: 1 });
  const repeats = checkNumber('profile', 'repeats', options.repeats ?? 10, { integer: true, min: 1 });
  const step = checkName('profile', 'step', options.step ?? 'train', profileKinds);
  const { backend } = trainer.memory;
  // Pictures come as bytes, anything else as floats.
  const inputTypes = trainer.network.inputs.map(({ shape }) => (shape.length === 4 ? 'uint8' : 'float32'));
  const executable = trainer.executable(step, inputTypes, { fusion });
  const { instructionMs, stepMs, outsideMs, peak } = await timeSteps(trainer, executable, batchSize, repeats);
  return {
    backend: backend.name,
    instructionSet: backend.instructionSet,
    threads: backend.threads,
    batchSize,
    step,
    repeats,
    fusion,
    stepMs,
    outsideMs,
    arenaBytes: executable.arenaBytes(batchSize),
    ...(peak && { peak }),
    rows: executable.program.instructions.map((instruction, index) =>
      rowOf(instruction, batchSize, instructionMs[index]!, peak),
    ),
  };
}

interface StepTimes {
  readonly instructionMs: readonly number[];
  readonly stepMs: number;
  readonly outsideMs: number;
  readonly peak: MachinePeak | undefined;
}

/** Medians over the timed runs. What the steps change is put back. */
async function timeSteps(trainer: Trainer, executable: Executable, batch: number, repeats: number): Promise<StepTimes> {
  const { memory } = trainer;
  const { instructions, variables } = executable.program;
  const run = { batch, inputs: randomInputs(trainer, executable, batch), scalars: trainer.stepScalars(), read: [] };
  const kept = await Promise.all(variables.map(({ name }) => memory.read(name)));
  const byInstruction: Float64Array[] = [];
  const steps: number[] = [];
  const outside: number[] = [];
  const peaks: MachinePeak[] = [];
  // Three times, the first while threads may still have to find their cores: other programs seldom disturb them all.
  const measurePeak = async (): Promise<void> => {
    const peak = await memory.backend.measurePeak?.();
    if (peak) peaks.push(peak);
  };
  try {
    await measurePeak();
    for (let repeat = -warmUps; repeat < repeats; repeat++) {
      if (repeat === Math.floor(repeats / 2)) await measurePeak();
      const start = performance.now();
      await executable.run(run);
      const end = performance.now();
      const { report } = await executable.run({ ...run, profile: true });
      if (repeat < 0) continue;
      steps.push(end - start);
      const ms = report.instructionMs!;
      byInstruction.push(ms);
      outside.push(performance.now() - end - ms.reduce((sum, one) => sum + one, 0));
    }
    await measurePeak();
  } finally {
    await Promise.all(variables.map(({ name }, index) => memory.write(name, kept[index]!)));
  }
  return {
    instructionMs: instructions.map((_, index) => median(byInstruction.map((ms) => ms[index]!))),
    stepMs: median(steps),
    outsideMs: median(outside),
    peak: bestOf(peaks),
  };
}

function rowOf(instruction: Instruction, batchSize: number, ms: number, peak: MachinePeak | undefined): ProfileRow {
  const cost = instructionCost(instruction, batchSize);
  return {
    op: instructionName(instruction),
    ...placeOf(instruction.label),
    ms,
    ...cost,
    ...(peak && { limit: limitOf(cost, peak) }),
  };
}

/** `conv2d_1/gradient` and `conv2d_1/kernel/update` are parts of `conv2d_1`. */
function placeOf(label: string): { layer: string; phase: ProfilePhase } {
  const parts = label.split('/');
  const last = parts.at(-1);
  const phase = last === 'gradient' || last === 'update' ? last : 'forward';
  const layer = parts.slice(0, parts.length - { forward: 0, gradient: 1, update: 2 }[phase]).join('/');
  return { layer: layer === '' ? 'inputs' : layer, phase };
}

/** The roofline (Williams, Waterman and Patterson, 2009): operations and bytes each take their time, and overlap. */
function limitOf({ flops, bytes }: { flops: number; bytes: number }, peak: MachinePeak): ProfileRow['limit'] & object {
  const computeMs = flops / peak.gflops / 1e6;
  const memoryMs = bytes / peak.gbPerSecond / 1e6;
  return computeMs > memoryMs ? { by: 'compute', ms: computeMs } : { by: 'memory', ms: memoryMs };
}

function bestOf(peaks: readonly MachinePeak[]): MachinePeak | undefined {
  if (peaks.length === 0) return undefined;
  return {
    gflops: Math.max(...peaks.map(({ gflops }) => gflops)),
    gbPerSecond: Math.max(...peaks.map(({ gbPerSecond }) => gbPerSecond)),
  };
}

function randomInputs(trainer: Trainer, executable: Executable, batch: number): Readonly<Record<string, TypedArray>> {
  const random = new Random(0, 'profile');
  const outputs = elementCount(trainer.network.outputShape);
  return Object.fromEntries(
    Object.entries(executable.program.inputs).map(([name, { shape, dtype }]): [string, TypedArray] => {
      const length = elementCount(shape, batch);
      if (name === 'sampleWeights') return [name, new Float32Array(batch).fill(1)];
      if (name === 'targets') {
        return [name, Float32Array.from({ length }, (_, place) => (place % outputs === 0 ? 1 : 0))];
      }
      if (dtype === 'uint8') return [name, Uint8Array.from({ length }, () => random.integer(256))];
      return [name, Float32Array.from({ length }, () => random.next())];
    }),
  );
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}
