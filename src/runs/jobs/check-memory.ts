/** What a training will hold in memory, from its shapes alone: said before the system ends the process for it. */
import os from 'node:os';
import { bytesPerElement } from '../../core/dtype.ts';
import { OptionError } from '../../core/errors.ts';
import { elementCount } from '../../core/shape.ts';
import { lower } from '../../graph/lower.ts';
import { planMemory } from '../../graph/memory-plan.ts';
import { simplify } from '../../graph/simplify.ts';
import { trainingGraph } from '../../training/step-graphs.ts';
import { slotsOf, trainableWeights } from '../../training/update-graph.ts';
import { lossPartOf } from './loss-settings.ts';
import { networkOf, optimizerFor, type TrainSettings } from './train-settings.ts';

/** What a training step holds. */
export interface MemoryNeeds {
  readonly parameterCount: number;
  /** Weights and the optimizer's slots. */
  readonly weightBytes: number;
  /** Everything between the layers, for a whole batch. */
  readonly arenaBytes: number;
}

/** Counts what one training step holds, without allocating any of it. */
export function memoryNeeds(settings: TrainSettings, classes: number): MemoryNeeds {
  const { batchSize } = settings;
  const loss = lossPartOf(settings);
  const network = networkOf(settings, classes);
  const optimizer = optimizerFor(settings);
  const frozen = network.frozenLayers();
  const program = lower(
    simplify(trainingGraph({ network, inputTypes: ['uint8'], frozen }, [{ loss, weight: 1 }], optimizer)),
  );
  const held = [...network.weights, ...slotsOf(optimizer, trainableWeights(network, frozen))];
  const weightBytes = held.reduce((total, { shape }) => total + elementCount(shape) * bytesPerElement('float32'), 0);
  return { parameterCount: network.parameterCount, weightBytes, arenaBytes: planMemory(program, batchSize).bytes };
}

/** The memory that this process can have: of the machine, or less where a container limits it. */
function machineBytes(): number {
  const limit = process.constrainedMemory?.() ?? 0;
  return limit > 0 ? Math.min(limit, os.totalmem()) : os.totalmem();
}

/**
 * Checks that a training fits into memory.
 *
 * @param available bytes; those of the machine where not given
 * @throws OptionError with the numbers where it does not
 */
export function checkMemory(settings: TrainSettings, classes: number, available: number = machineBytes()): void {
  const { parameterCount, weightBytes, arenaBytes } = memoryNeeds(settings, classes);
  if (weightBytes + arenaBytes <= available) return;
  const { size, batchSize } = settings;
  throw new OptionError(
    `train: expected a network that fits into ${gibibytes(available)} of memory, received one of ` +
      `${parameterCount.toLocaleString('en-US')} parameters with ${gibibytes(weightBytes)} for weights and optimizer and ` +
      `${gibibytes(arenaBytes)} for a step of ${batchSize} pictures of ${size} by ${size}. Lower --size, --batch-size, ` +
      '--units or --filters.',
  );
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
