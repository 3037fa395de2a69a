/** Where the time of a step goes: each instruction with its milliseconds, operations and bytes. */
import { checkKeys, checkName, checkNumber } from '../core/options.ts';
import { Random } from '../core/random.ts';
import { elementCount } from '../core/shape.ts';
import { instructionCost } from '../graph/instruction-cost.ts';
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
}

/** One instruction of the step. */
export interface ProfileRow {
  /** The op, or `elementwise` for fused ones. */
  readonly op: string;
  /** The layer that asked for it, as `conv2d_1/gradient`. */
  readonly layer: string;
  /** The median over the timed runs. */
  readonly ms: number;
  readonly flops: number;
  /** Bytes of its operands: what must cross memory at least once. */
  readonly bytes: number;
}

/** A step's instructions in order, and the whole. */
export interface Profile {
  readonly backend: string;
  readonly instructionSet: string;
  readonly threads: number;
  readonly batchSize: number;
  readonly step: string;
  readonly rows: readonly ProfileRow[];
  /** The median of whole steps, as the caller of the engine sees them. */
  readonly stepMs: number;
  readonly arenaBytes: number;
}

/** Runs steps on random pictures. Weights and slots are put back afterwards. @throws OptionError for an unknown option */
export async function profileStep(trainer: Trainer, options: ProfileOptions = {}): Promise<Profile> {
  checkKeys('profile', options, ['batchSize', 'step', 'repeats']);
  const batch = checkNumber('profile', 'batchSize', options.batchSize ?? 32, { integer: true, min: 1 });
  const repeats = checkNumber('profile', 'repeats', options.repeats ?? 10, { integer: true, min: 1 });
  const step = checkName('profile', 'step', options.step ?? 'train', profileKinds);
  const executable = trainer.executable(step, 'uint8');
  const { backend } = trainer.memory;
  const run = { batch, inputs: randomInputs(trainer, batch), scalars: trainer.stepScalars(), read: [] };
  const names = executable.program.variables.map(({ name }) => name);
  const kept = await Promise.all(names.map((name) => trainer.memory.read(name)));
  const times: Float64Array[] = [];
  const steps: number[] = [];
  try {
    for (let repeat = -2; repeat < repeats; repeat++) {
      const start = performance.now();
      await executable.run(run);
      if (repeat >= 0) steps.push(performance.now() - start);
      const { report } = await executable.run({ ...run, profile: true });
      if (repeat >= 0 && report.instructionMs) times.push(report.instructionMs);
    }
  } finally {
    for (const [index, name] of names.entries()) await trainer.memory.write(name, kept[index]!);
  }
  return {
    backend: backend.name,
    instructionSet: backend.instructionSet,
    threads: backend.threads,
    batchSize: batch,
    step,
    stepMs: median(steps),
    arenaBytes: executable.arenaBytes(batch),
    rows: executable.program.instructions.map((instruction, index) => ({
      op: instruction.kind === 'kernel' ? instruction.op : 'elementwise',
      layer: instruction.label,
      ms: median(times.map((row) => row[index]!)),
      ...instructionCost(instruction, batch),
    })),
  };
}

function randomInputs(
  trainer: Trainer,
  batch: number,
): { inputs: Uint8Array; targets: Float32Array; sampleWeights: Float32Array } {
  const random = new Random(0, 'profile');
  const { inputShape, outputShape } = trainer.network;
  const outputs = elementCount(outputShape, 1);
  return {
    inputs: Uint8Array.from({ length: batch * elementCount(inputShape) }, () => random.integer(256)),
    targets: Float32Array.from({ length: batch * outputs }, (_, place) => (place % outputs === 0 ? 1 : 0)),
    sampleWeights: new Float32Array(batch).fill(1),
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
