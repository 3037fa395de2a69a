/** A program as text: stable, so that it can be read, compared and kept as a golden file. */
import type { DType } from '../core/dtype.ts';
import { formatShape, type Shape } from '../core/shape.ts';
import { type ElementwiseName, isRandom } from '../ops/elementwise.ts';
import { planMemory } from './memory-plan.ts';
import {
  type ElementwiseInstruction,
  type Instruction,
  instructionName,
  type Operand,
  type ProductInstruction,
  type Program,
} from './program.ts';

/** One line per instruction, with operands, attributes and the arena's size for a batch of one. */
export function formatProgram(program: Program): string {
  const names = nameOperands(program);
  const lines = [
    ...Object.entries(program.inputs).map(([name, operand]) => `input ${name} ${typeOf(operand)}`),
    ...program.variables.map((variable) => `variable ${variable.name} ${typeOf(variable)}`),
    ...program.scalars.map(({ name, dtype }) => `scalar ${name} ${dtype}`),
    ...program.instructions.flatMap((instruction, index) => formatInstruction(instruction, index, names)),
    ...Object.entries(program.outputs).map(([name, operand]) => `output ${name} = ${names(operand)}`),
    `arena ${planMemory(program, 1).bytes} bytes for a batch of 1`,
  ];
  return `${lines.join('\n')}\n`;
}

type Namer = (operand: Operand) => string;

function nameOperands(program: Program): Namer {
  return ({ region, buffer }) => {
    if (region === 'variables') return program.variables[buffer]!.name;
    if (region === 'scalars') return program.scalars[buffer]!.name;
    return `%${buffer}`;
  };
}

function typeOf({ dtype, shape }: { dtype: DType; shape: Shape }): string {
  return `${dtype}${formatShape(shape)}`;
}

function formatInstruction(instruction: Instruction, index: number, name: Namer): string[] {
  const results = instruction.outputs.map((output) => `${name(output)} ${typeOf(output)}`).join(', ');
  const label = instruction.label ? `  # ${instruction.label}` : '';
  const operands = instruction.inputs.map(name).join(', ');
  const line = `${index}: ${results} = ${instructionName(instruction)}(${operands})`;
  if (instruction.kind === 'elementwise')
    return [`${line}${label}`, ...formatCode(instruction, instruction.inputs, name)];
  const attributes = Object.entries(instruction.attributes).map(([key, value]) => `${key}=${String(value)}`);
  const first = `${line} ${attributes.join(' ')}${label}`.trimEnd();
  if (instruction.kind === 'kernel') return [first];
  return [first, ...formatCode(instruction, ['product', ...instruction.inputs.slice(2)], name)];
}

const binary = new Set<ElementwiseName>([
  'add',
  'subtract',
  'multiply',
  'divide',
  'maximum',
  'minimum',
  'greater',
  'greaterEqual',
  'equal',
  'reluGradient',
  'keepWhere',
  'dropWhere',
]);

function formatCode(
  { code, outputs }: ElementwiseInstruction | ProductInstruction,
  inputs: readonly (Operand | 'product')[],
  name: Namer,
): string[] {
  const registers = [
    ...inputs.map((input) => (input === 'product' ? input : name(input))),
    ...outputs.map(name),
    ...Array.from({ length: code.temporaries }, (_, index) => `t${index}`),
    ...code.constants.map(String),
  ];
  return code.steps.map(({ op, target, a, b, first, second }) => {
    const operands = binary.has(op) || isRandom(op) ? [registers[a], registers[b]] : [registers[a]];
    if (op === 'clip' || op === 'rescale') operands.push(String(first), String(second));
    if (op === 'power' || isRandom(op)) operands.push(String(first));
    return `     ${registers[target]} = ${op}(${operands.join(', ')})`;
  });
}
