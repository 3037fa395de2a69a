/** Copies the state of a training out of a network's memory, and puts one back. */
import { FormatError } from '../core/errors.ts';
import { formatShape, sameShape } from '../core/shape.ts';
import { tensor } from '../core/tensor.ts';
import type { TrainingState } from '../formats/checkpoint.ts';
import type { Optimizer } from '../nn/optimizers/optimizer.ts';
import type { Trainer } from './trainer.ts';

/** Copies the state of a compiled network. */
export async function readTrainingState(trainer: Trainer, { learningRate }: Optimizer): Promise<TrainingState> {
  const { iterations } = trainer;
  const tensors = await Promise.all(
    variablesOf(trainer).map(async ({ name, shape }) => {
      return [name, tensor(await trainer.memory.read(name), shape)] as const;
    }),
  );
  return { iterations, learningRate, tensors: new Map(tensors) };
}

/** Puts a state into a compiled network. @throws FormatError that names `where`, where it is another network's; nothing has
 * changed then */
export async function writeTrainingState(
  where: string,
  trainer: Trainer,
  optimizer: Optimizer,
  { iterations, learningRate, tensors }: TrainingState,
): Promise<void> {
  const variables = variablesOf(trainer);
  for (const { name, shape } of variables) {
    const stored = tensors.get(name);
    if (stored && sameShape(stored.shape, shape)) continue;
    const received = stored ? `one of ${formatShape(stored.shape)}` : 'none';
    throw new FormatError(
      `${where}: expected "${name}" of ${formatShape(shape)}, received ${received}. It is of another network or optimizer: start anew.`,
    );
  }
  for (const { name } of variables) await trainer.memory.write(name, tensors.get(name)!.data);
  trainer.iterations = iterations;
  // A schedule's follows from the step.
  if (!optimizer.hasSchedule) optimizer.learningRate = learningRate;
}

function variablesOf(trainer: Trainer): { name: string; shape: readonly number[] }[] {
  const shapes = new Map(trainer.memory.types.map(({ name, shape }) => [name, shape as readonly number[]]));
  const names = [...trainer.network.weights.map(({ name }) => name), ...trainer.slotNames];
  return names.map((name) => ({ name, shape: shapes.get(name)! }));
}
