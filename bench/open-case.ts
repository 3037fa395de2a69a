/** Puts a case of test/cases on a backend, so that it can be run again and again. */
import type { Backend } from '../src/backends/backend.ts';
import { Random } from '../src/core/random.ts';
import { elementCount } from '../src/core/shape.ts';
import { type InstructionCost, instructionCost } from '../src/graph/instruction-cost.ts';
import type { AnyCase, CaseInput } from '../test/cases/case.ts';
import { programOf } from '../test/support/case-program.ts';

/** A case that is ready. */
export interface OpenedCase {
  readonly run: () => Promise<void>;
  readonly cost: InstructionCost;
}

const classes = { float32: Float32Array, uint8: Uint8Array, int32: Int32Array };
const distinctNumbers = 2 ** 16;

/** So many numbers of an input. Later ones repeat the first: drawing each anew would take longer than timing the case. */
function fillNumbers({ dtype, fill }: CaseInput, count: number, random: Random) {
  const numbers = new classes[dtype](count);
  const drawn = Math.min(count, distinctNumbers);
  for (let place = 0; place < drawn; place++) numbers[place] = fill(random, place);
  for (let place = drawn; place < count; place *= 2) numbers.copyWithin(place, 0, Math.min(place, count - place));
  return numbers;
}

/** Makes a case ready for a batch. */
export function openCase(backend: Backend, testCase: AnyCase, batch: number): OpenedCase {
  const { program, plan, variableOffsets, variableBytes } = programOf(testCase, batch);
  const memory = {
    arena: backend.allocate(plan.bytes),
    variables: backend.allocate(variableBytes),
    scalars: backend.allocate(Math.max(1, program.scalars.length) * 64),
  };
  testCase.inputs.forEach((input, index) => {
    const name = `input${index}`;
    const { dtype, region, shape } = input;
    const offset =
      region === 'arena'
        ? plan.offsets[program.inputs[name]!.buffer]!
        : region === 'variables'
          ? variableOffsets[program.variables.findIndex((variable) => variable.name === name)]!
          : program.scalars.findIndex((scalar) => scalar.name === name) * 64;
    const numbers = fillNumbers(input, elementCount(shape, batch), new Random(index, testCase.name));
    backend.write(memory[region], offset, numbers, dtype);
  });
  const loaded = backend.load(program, plan, variableOffsets);
  const costs = program.instructions.map((instruction) => instructionCost(instruction, batch));
  const sum = (key: keyof InstructionCost) => costs.reduce((total, cost) => total + cost[key], 0);
  return {
    run: async () => {
      await backend.run(loaded, memory, batch);
    },
    cost: { flops: sum('flops'), bytes: sum('bytes') },
  };
}
