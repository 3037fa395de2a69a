/** Runs a small graph on a backend, for tests: numbers in by name, numbers out by name. */
import type { Backend, MemoryArray, MemoryType } from '../../src/backends/backend.ts';
import { ReferenceBackend } from '../../src/backends/reference/index.ts';
import { bytesPerElement } from '../../src/core/dtype.ts';
import { elementCount } from '../../src/core/shape.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { lower } from '../../src/graph/lower.ts';
import { planMemory } from '../../src/graph/memory-plan.ts';
import type { Operand } from '../../src/graph/program.ts';
import { alignmentBytes } from '../../src/graph/program-words.ts';
import { simplify } from '../../src/graph/simplify.ts';

type Numbers = MemoryArray | Float64Array;

/** Numbers for inputs, variables and scalars, all by name. */
export type Values = Readonly<Record<string, Numbers | number>>;

/** A compiled graph with memory of its own. */
export interface GraphRunner {
  /** Writes the given values (others keep theirs), runs once, and returns outputs and variables by name. */
  run(values: Values): Promise<Record<string, Numbers>>;
}

/** Compiles a graph for one backend and batch. On the reference, numbers keep all bits of float64. */
export function graphRunner(graph: Graph, backend: Backend, batch = 1): GraphRunner {
  const program = lower(simplify(graph));
  const plan = planMemory(program, batch);
  let variableBytes = 0;
  const variableOffsets = program.variables.map(({ shape, dtype }) => {
    const offset = variableBytes;
    const bytes = elementCount(shape) * bytesPerElement(dtype);
    variableBytes += Math.ceil(bytes / alignmentBytes) * alignmentBytes;
    return offset;
  });
  const memory = {
    arena: backend.allocate(plan.bytes),
    variables: backend.allocate(Math.max(variableBytes, alignmentBytes)),
    scalars: backend.allocate(Math.max(program.scalars.length, 1) * alignmentBytes),
  };
  const loaded = backend.load(program, plan, variableOffsets);
  const variables = program.variables.map(({ name, shape, dtype }, buffer): [string, Operand] => [
    name,
    { region: 'variables', buffer, shape, dtype },
  ]);
  const scalars = program.scalars.map(({ name, dtype }, buffer): [string, Operand] => [
    name,
    { region: 'scalars', buffer, shape: [], dtype },
  ]);
  const written = new Map([...Object.entries(program.inputs), ...variables, ...scalars]);
  const offsetOf = ({ region, buffer }: Operand): number => {
    if (region === 'scalars') return buffer * alignmentBytes;
    return (region === 'arena' ? plan.offsets : variableOffsets)[buffer]!;
  };

  const write = (operand: Operand, value: Numbers | number): void => {
    const numbers = typeof value === 'number' ? [value] : value;
    const place = memory[operand.region];
    if (backend instanceof ReferenceBackend) {
      backend.writeExact(place, offsetOf(operand), Float64Array.from(numbers));
      return;
    }
    const classes = { float32: Float32Array, uint8: Uint8Array, int32: Int32Array };
    const dtype = operand.dtype as MemoryType;
    backend.write(place, offsetOf(operand), classes[dtype].from(numbers), dtype);
  };

  const read = async (operand: Operand): Promise<Numbers> => {
    const count = elementCount(operand.shape, batch);
    const place = memory[operand.region];
    if (backend instanceof ReferenceBackend) return backend.readExact(place, offsetOf(operand), count);
    return backend.read(place, offsetOf(operand), count, operand.dtype as MemoryType);
  };

  return {
    async run(values) {
      for (const [name, value] of Object.entries(values)) {
        // A value that nothing reads has no place in the program.
        const operand = written.get(name);
        if (operand) write(operand, value);
      }
      await backend.run(loaded, memory, batch);
      const results: Record<string, Numbers> = {};
      for (const [name, operand] of [...Object.entries(program.outputs), ...variables]) {
        results[name] = await read(operand);
      }
      return results;
    },
  };
}
