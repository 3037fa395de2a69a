/** A loss as a metric: its graph, run on the host in float64 by the reference backend's kernels. So a loss has one formula. */
import { runElementwise } from '../../backends/reference/elementwise.ts';
import type { Kernel, KernelName, View } from '../../backends/reference/kernel.ts';
import { kernels } from '../../backends/reference/kernels.ts';
import { batchAxis, elementCount, type Shape, withBatch } from '../../core/shape.ts';
import { Graph } from '../../graph/graph.ts';
import { lower } from '../../graph/lower.ts';
import type { Operand, Program } from '../../graph/program.ts';
import { simplify } from '../../graph/simplify.ts';
import type { LossFunction } from '../losses/loss.ts';
import { type CounterMaker, divide } from './metric.ts';

/** The weighted mean of a loss over examples. @param perExample a loss of each example, `[batch]` */
export function meanLoss(perExample: LossFunction): CounterMaker {
  return (outputShape) => {
    const program = compile(perExample, [batchAxis, ...outputShape.slice(1)]);
    let total = 0;
    let weight = 0;
    return {
      reset() {
        total = 0;
        weight = 0;
      },
      update(targets, predictions, weights) {
        const batch = predictions.shape[0]!;
        const values = run(program, batch, {
          targets: Float64Array.from(targets.data),
          predictions: Float64Array.from(predictions.data),
          batchSize: Float64Array.of(batch),
        });
        values.forEach((value, example) => {
          total += value * (weights?.[example] ?? 1);
          weight += weights?.[example] ?? 1;
        });
      },
      result: () => divide(total, weight),
    };
  };
}

function compile(perExample: LossFunction, shape: Shape): Program {
  const graph = new Graph();
  const values = perExample(graph.input('targets', shape), graph.input('predictions', shape));
  graph.output('values', values);
  return lower(simplify(graph, { fusion: false }));
}

function run(program: Program, batch: number, given: Readonly<Record<string, Float64Array>>): Float64Array {
  const buffers = new Map<number, Float64Array>();
  for (const [name, { buffer }] of Object.entries(program.inputs)) buffers.set(buffer, given[name]!);
  const viewOf = (operand: Operand): View => {
    const shape = withBatch(operand.shape, batch);
    if (operand.region === 'scalars') return { values: given[program.scalars[operand.buffer]!.name]!, shape };
    const values = buffers.get(operand.buffer) ?? new Float64Array(elementCount(shape));
    buffers.set(operand.buffer, values);
    return { values, shape };
  };
  for (const instruction of program.instructions) {
    const [inputs, outputs] = [instruction.inputs.map(viewOf), instruction.outputs.map(viewOf)];
    if (instruction.kind === 'kernel') {
      const kernel = kernels[instruction.op as KernelName] as Kernel<KernelName>;
      kernel(inputs, outputs, instruction.attributes as never);
    } else {
      runElementwise(instruction.code, inputs, outputs);
    }
  }
  return viewOf(program.outputs['values']!).values;
}
