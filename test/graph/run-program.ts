/** Runs a lowered program on the reference backend as it is, so that a graph can be run with and without its rules. */
import { openReferenceBackend } from '../../src/backends/reference/index.ts';
import { elementCount } from '../../src/core/shape.ts';
import { planMemory } from '../../src/graph/memory-plan.ts';
import type { Operand, Program } from '../../src/graph/program.ts';

/** Outputs and variables by name, in float64. `numbers` holds inputs, variables and scalars by name. */
export async function runProgram(
  program: Program,
  numbers: Readonly<Record<string, ArrayLike<number>>>,
  batch: number,
): Promise<Record<string, Float64Array>> {
  const backend = openReferenceBackend();
  const plan = planMemory(program, batch);
  const sizes = program.variables.map(({ shape }) => Math.ceil((elementCount(shape) * 4) / 64) * 64);
  const offsets = sizes.map((_, index) => sizes.slice(0, index).reduce((total, size) => total + size, 0));
  const memory = {
    arena: backend.allocate(plan.bytes),
    variables: backend.allocate(64 + sizes.reduce((total, size) => total + size, 0)),
    scalars: backend.allocate(64 * (1 + program.scalars.length)),
  };
  const offsetOf = ({ region, buffer }: Operand) => (region === 'arena' ? plan.offsets[buffer]! : offsets[buffer]!);
  for (const [name, operand] of Object.entries(program.inputs)) {
    backend.writeExact(memory.arena, offsetOf(operand), Float64Array.from(numbers[name]!));
  }
  program.variables.forEach(({ name }, index) => {
    backend.writeExact(memory.variables, offsets[index]!, Float64Array.from(numbers[name]!));
  });
  program.scalars.forEach(({ name }, index) => {
    backend.writeExact(memory.scalars, index * 64, Float64Array.from(numbers[name]!));
  });
  await backend.run(backend.load(program, plan, offsets), memory, batch);
  const results: Record<string, Float64Array> = {};
  for (const [name, operand] of Object.entries(program.outputs)) {
    results[name] = backend.readExact(memory[operand.region], offsetOf(operand), elementCount(operand.shape, batch));
  }
  program.variables.forEach(({ name, shape }, index) => {
    results[name] = backend.readExact(memory.variables, offsets[index]!, elementCount(shape));
  });
  return results;
}
