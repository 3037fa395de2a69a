/** The interpreter of fused elementwise instructions. It takes a tile of elements through all steps before the next
 * tile, with a register of numbers per input, output, temporary and constant; outputs reach memory after the last step,
 * so they may lie where full-shape inputs do. */
import { philox } from '../../core/random.ts';
import type { ElementwiseCode, ElementwiseStep } from '../../graph/program.ts';
import { type ElementwiseName, isRandom, type RandomName } from '../../ops/elementwise.ts';
import { erf } from './erf.ts';
import type { View } from './kernel.ts';

type Compute = (a: number, b: number, first: number, second: number) => number;

/** JavaScript's Math decides what NaN does: `maximum` and `relu` pass it on, comparisons with it are 0. */
const compute: Readonly<Record<Exclude<ElementwiseName, RandomName>, Compute>> = {
  identity: (a) => a,
  broadcast: (a) => a,
  negate: (a) => -a,
  abs: Math.abs,
  sign: Math.sign,
  floor: Math.floor,
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  sqrt: Math.sqrt,
  square: (a) => a * a,
  relu: (a) => Math.max(a, 0),
  sigmoid: (a) => 1 / (1 + Math.exp(-a)),
  tanh: Math.tanh,
  erf,
  sin: Math.sin,
  cos: Math.cos,
  power: (a, _, exponent) => a ** exponent,
  clip: (a, _, low, high) => Math.min(Math.max(a, low), high),
  rescale: (a, _, scale, offset) => a * scale + offset,
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  maximum: (a, b) => Math.max(a, b),
  minimum: (a, b) => Math.min(a, b),
  greater: (a, b) => (a > b ? 1 : 0),
  greaterEqual: (a, b) => (a >= b ? 1 : 0),
  equal: (a, b) => (a === b ? 1 : 0),
  reluGradient: (dy, y) => (y > 0 ? dy : 0),
  keepWhere: (a, condition) => (condition !== 0 ? a : 0),
  dropWhere: (a, condition) => (condition !== 0 ? 0 : a),
};

const tileLength = 1024;

/** Runs the steps of an instruction over every element of its outputs. */
export function runElementwise(code: ElementwiseCode, inputs: readonly View[], outputs: readonly View[]): void {
  const loop = outputs[0]!;
  const firstConstant = inputs.length + outputs.length + code.temporaries;
  const registers = Array.from({ length: firstConstant + code.constants.length }, (_, register) =>
    new Float64Array(tileLength).fill(code.constants[register - firstConstant] ?? 0),
  );
  const loads = inputs.map((input, index) => loaderOf(input, loop.shape, registers[index]!));
  for (let start = 0; start < loop.values.length; start += tileLength) {
    const count = Math.min(tileLength, loop.values.length - start);
    for (const load of loads) load(start, count);
    for (const step of code.steps) runStep(step, registers, start, count);
    for (const [index, { values }] of outputs.entries()) {
      values.set(registers[inputs.length + index]!.subarray(0, count), start);
    }
  }
}

/** A function that fills a register with the numbers which an input has for a tile of the loop. */
function loaderOf({ values, shape }: View, loopShape: readonly number[], register: Float64Array) {
  const rank = loopShape.length;
  const steps = new Array<number>(rank).fill(0);
  let step = 1;
  for (let axis = rank - 1; axis >= rank - shape.length; axis--) {
    const size = shape[axis - rank + shape.length]!;
    if (size !== 1) steps[axis] = step;
    step *= size;
  }
  return (start: number, count: number): void => {
    for (let index = 0; index < count; index++) {
      let rest = start + index;
      let place = 0;
      for (let axis = rank - 1; axis >= 0; axis--) {
        const size = loopShape[axis]!;
        place += (rest % size) * steps[axis]!;
        rest = Math.floor(rest / size);
      }
      register[index] = values[place]!;
    }
  };
}

function runStep(step: ElementwiseStep, registers: readonly Float64Array[], start: number, count: number): void {
  const target = registers[step.target]!;
  const a = registers[step.a]!;
  const b = registers[step.b]!;
  if (isRandom(step.op)) {
    const fill = step.op === 'randomUniform' ? fillUniform : fillNormal;
    fill(target, { seed: a[0]!, step: b[0]!, stream: step.first }, start, count);
    return;
  }
  const apply = compute[step.op];
  for (let index = 0; index < count; index++) {
    target[index] = apply(a[index]!, b[index]!, step.first, step.second);
  }
}

/** Which random numbers are drawn. */
interface Draw {
  readonly seed: number;
  readonly step: number;
  readonly stream: number;
}

/** Element i gets lane i % 4 of Philox with counter [i / 4, step, 0, 0] and key [seed, stream], as 24 bits in [0, 1). */
function fillUniform(target: Float64Array, { seed, step, stream }: Draw, start: number, count: number): void {
  const words = new Uint32Array(4);
  for (let index = 0; index < count; index++) {
    const element = start + index;
    if (element % 4 === 0 || index === 0) philox([Math.floor(element / 4), step, 0, 0], [seed, stream], words);
    target[index] = (words[element % 4]! >>> 8) * 2 ** -24;
  }
}

/** Box and Muller's transform: the uniform numbers u, v of two neighbours become √(−2 ln(1 − u)) times cos 2πv and sin 2πv. */
function fillNormal(target: Float64Array, draw: Draw, start: number, count: number): void {
  // Tiles begin at even elements, so that neighbours lie in one of them.
  const uniform = new Float64Array(count + (count % 2));
  fillUniform(uniform, draw, start, uniform.length);
  for (let index = 0; index < count; index++) {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform[index - (index % 2)]!));
    const angle = 2 * Math.PI * uniform[index - (index % 2) + 1]!;
    target[index] = radius * (index % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
  }
}
