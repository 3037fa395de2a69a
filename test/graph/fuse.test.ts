// Protects: neighbours with the same loop become one instruction, cheap values are computed again rather than stored,
// chains stop at the limits, and assignments come after every reader of the old value.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { batchAxis } from '../../src/core/shape.ts';
import { mostValues } from '../../src/graph/fuse.ts';
import { Graph } from '../../src/graph/graph.ts';
import { lower } from '../../src/graph/lower.ts';
import { instructionName, type Program } from '../../src/graph/program.ts';
import { simplify } from '../../src/graph/simplify.ts';
import { add, greaterEqual, multiply, square, subtract, tanh } from '../../src/ops/elementwise.ts';
import { matrixProduct } from '../../src/ops/mat-mul.ts';
import { sum } from '../../src/ops/reduce.ts';
import { reshapeTo } from '../../src/ops/reshape.ts';
import { evaluateNaively } from './naive-evaluation.ts';
import { runProgram } from './run-program.ts';

type Numbers = Readonly<Record<string, ArrayLike<number>>>;

/** The program of a graph, after a comparison of its numbers with an evaluation node by node. */
async function compiled(build: (graph: Graph) => void, numbers: Numbers, batch = 2): Promise<Program> {
  const graph = new Graph();
  build(graph);
  const program = lower(simplify(graph));
  const expected = evaluateNaively(graph, numbers, batch);
  const actual = await runProgram(program, numbers, batch);
  for (const [name, values] of Object.entries(actual)) {
    values.forEach((value, place) => {
      assert.ok(Math.abs(value - expected[name]![place]!) <= 1e-12, `${name}: ${values} instead of ${expected[name]}`);
    });
  }
  return program;
}

const kinds = (program: Program) => program.instructions.map(instructionName);
const stepsOf = (program: Program) =>
  program.instructions.map((instruction) => (instruction.kind === 'kernel' ? 0 : instruction.code.steps.length));

describe('fusion', () => {
  it('makes one instruction of neighbours with the same loop', async () => {
    const build = (graph: Graph) => {
      const x = graph.input('x', [batchAxis, 2]);
      graph.output('y', multiply(tanh(add(x, graph.variable('b', [2]))), 2));
    };
    const program = await compiled(build, { x: [1, 2, 3, 4], b: [0.5, -0.5] });
    assert.deepEqual(kinds(program), ['elementwise']);
    assert.equal(program.instructions[0]!.inputs.length, 2);
  });

  it('does not go around a node that stands between', async () => {
    const build = (graph: Graph) => {
      const x = graph.input('x', [batchAxis, 2]);
      const y = square(x);
      graph.output('y', subtract(y, sum(y, 1, 1, 'yes')));
    };
    const program = await compiled(build, { x: [1, 2, 3, 4] });
    assert.deepEqual(kinds(program), ['elementwise', 'reduceSum', 'elementwise']);
  });

  it('reads again under another shape what it has just made', async () => {
    const build = (graph: Graph) => {
      const y = square(graph.input('x', [1, 3]));
      graph.output('y', add(tanh(y), reshapeTo(y, [3])));
      graph.output('back', tanh(reshapeTo(reshapeTo(y, [3, 1]), [1, 3])));
    };
    const program = await compiled(build, { x: [0.5, -1, 2] });
    assert.deepEqual(kinds(program), ['elementwise']);
  });
});

describe('a product aᵀ·b', () => {
  const numbers = { x: [1, 2, 3, 4], dy: [0.5, -1, 2, 1, 0.25, -3], w: [1, 2, 3, 4, 5, 6], v: [2, 3] };
  const parts = (graph: Graph) => {
    const [x, dy] = [graph.input('x', [batchAxis, 2]), graph.input('dy', [batchAxis, 3])];
    const [product] = graph.apply('matMul', [x, dy], { transposeA: 'yes', transposeB: 'no', activation: 'linear' });
    return { x, dy, product: product!, w: graph.variable('w', [2, 3]) };
  };

  it('joins the unit that alone reads it', async () => {
    const build = (graph: Graph) => {
      const { product, w } = parts(graph);
      graph.assign(w, subtract(w, multiply(product, square(product))));
    };
    const program = await compiled(build, numbers);
    assert.deepEqual(kinds(program), ['matMul+elementwise']);
    assert.equal(program.buffers.length, 2);
  });

  const apart: Readonly<Record<string, (graph: Graph) => void>> = {
    'it is an output': (graph) => {
      const { product, w } = parts(graph);
      graph.assign(w, subtract(w, product));
      graph.output('product', reshapeTo(product, [6]));
    },
    'another unit reads it': (graph) => {
      const { product, w } = parts(graph);
      graph.assign(w, subtract(w, product));
      graph.output('sum', sum(product));
    },
    'its reader has another loop': (graph) => {
      const { product, w } = parts(graph);
      graph.output('y', add(reshapeTo(product, [1, 2, 3]), reshapeTo(w, [2, 1, 3])));
    },
    'it is read transposed in shape only': (graph) => {
      const { product } = parts(graph);
      graph.output('y', multiply(reshapeTo(product, [3, 2]), graph.variable('v', [2])));
    },
    'its reader also waits for something that needs the product': (graph) => {
      const { product, w } = parts(graph);
      const total = sum(product);
      graph.assign(w, subtract(w, multiply(product, total)));
    },
    'its reader draws random numbers': (graph) => {
      const { product, w } = parts(graph);
      const [seed, step] = [graph.scalar('seed', 'int32'), graph.scalar('step', 'int32')];
      const [noise] = graph.apply('randomUniform', [seed, step], { shape: [2, 3], stream: 3 });
      graph.assign(w, subtract(w, multiply(product, noise!)));
    },
    'its reader assigns what it multiplies': (graph) => {
      const w = graph.variable('w', [2, 3]);
      const square3 = graph.variable('square', [2, 2]);
      const attributes = { transposeA: 'yes', transposeB: 'no', activation: 'linear' } as const;
      const [product] = graph.apply('matMul', [square3, w], attributes);
      graph.assign(w, subtract(w, product!));
    },
  };
  for (const [reason, build] of Object.entries(apart)) {
    it(`stays apart where ${reason}`, async () => {
      const program = await compiled(build, { ...numbers, seed: [7], step: [3], square: [1, 2, 3, 4] });
      assert.ok(kinds(program).includes('matMul'), kinds(program).join());
    });
  }

  it('stays apart where its size is the batch', async () => {
    const build = (graph: Graph) => {
      const x = graph.input('x', [batchAxis, 2]);
      const attributes = { transposeA: 'no', transposeB: 'yes', activation: 'linear' } as const;
      const [columns] = graph.apply('matMul', [graph.variable('w', [3, 2]), x], attributes);
      const [product] = graph.apply('matMul', [columns!, graph.variable('v', [3, 1])], {
        ...attributes,
        transposeA: 'yes',
        transposeB: 'no',
      });
      graph.output('y', square(product!));
    };
    assert.deepEqual(kinds(await compiled(build, { ...numbers, v: [1, 2, 3] })), ['matMul', 'matMul', 'elementwise']);
  });
});

describe('values that each reader computes for itself', () => {
  const numbers = { x: [1, 2, 3, 4, 5, 6, 7, 8], seed: [7], step: [3], w: [1, 2, 3, 4] };
  const noise = (graph: Graph, shape: readonly number[]) =>
    graph.apply('randomUniform', [graph.scalar('seed', 'int32'), graph.scalar('step', 'int32')], {
      shape,
      stream: 9,
    })[0]!;

  it('are masks of dropout, forwards and backwards', async () => {
    const build = (graph: Graph) => {
      const x = graph.input('x', [batchAxis, 4]);
      const mask = multiply(greaterEqual(noise(graph, [batchAxis, 4]), 0.5), 2);
      const y = matrixProduct(multiply(x, mask), reshapeTo(graph.variable('w', [4]), [4, 1]));
      graph.output('y', y);
      graph.output('dx', multiply(multiply(y, x), mask));
    };
    const program = await compiled(build, numbers);
    assert.deepEqual(kinds(program), ['elementwise', 'matMul', 'elementwise']);
    // The pictures, two results and the product: no mask.
    assert.equal(program.buffers.length, 4);
  });

  it('are not masks that are smaller than what they are multiplied with', async () => {
    const build = (graph: Graph) => {
      const x = graph.input('x', [batchAxis, 4]);
      graph.output('rows', multiply(x, noise(graph, [4])));
      graph.output('same', multiply(x, greaterEqual(noise(graph, []), 0.5)));
    };
    await compiled(build, numbers);
  });

  it('are stored where they are asked for', async () => {
    const build = (graph: Graph) => {
      const mask = noise(graph, [batchAxis, 4]);
      graph.output('mask', mask);
      graph.output('y', multiply(graph.input('x', [batchAxis, 4]), mask));
    };
    const program = await compiled(build, numbers);
    assert.ok('mask' in program.outputs);
  });
});

describe('the limits of an instruction', () => {
  it('end a chain of many steps', async () => {
    const build = (graph: Graph) => {
      let y = graph.input('x', [batchAxis, 2]);
      for (let step = 0; step < 150; step++) y = step % 2 ? tanh(y) : add(y, graph.scalar('rate'));
      graph.output('y', y);
    };
    const program = await compiled(build, { x: [1, 2, 3, 4], rate: [0.25] });
    const steps = stepsOf(program);
    assert.ok(Math.max(...steps) <= mostValues);
    assert.ok(steps.length <= 10, `${steps.length} instructions`);
  });

  it('end a chain of numbers made of scalars, however many readers compute them', async () => {
    const build = (graph: Graph) => {
      let rate = graph.scalar('rate');
      const x = graph.input('x', [batchAxis, 2]);
      let y = x;
      for (let step = 0; step < 60; step++) {
        rate = tanh(add(rate, graph.scalar(`rate${step % 7}`)));
        y = add(y, multiply(rate, x));
      }
      graph.output('y', y);
    };
    const rates = Object.fromEntries(Array.from({ length: 7 }, (_, index) => [`rate${index}`, [index / 8]]));
    const program = await compiled(build, { x: [1, 2, 3, 4], rate: [0.25], ...rates });
    assert.ok(Math.max(...stepsOf(program)) <= mostValues, stepsOf(program).join());
  });

  it('end a sum of many operands', async () => {
    const names = Array.from({ length: 90 }, (_, index) => `x${index}`);
    const build = (graph: Graph) => {
      graph.output(
        'y',
        names.map((name) => graph.input(name, [2])).reduce((total, value) => add(total, value)),
      );
    };
    const program = await compiled(build, Object.fromEntries(names.map((name, index) => [name, [index, -index]])));
    for (const { inputs, outputs } of program.instructions) {
      assert.ok(inputs.length + outputs.length <= mostValues);
    }
  });
});

describe('assignments', () => {
  const numbers = { a: [1, 2, 3, 4], b: [10, 20, 30, 40] };

  it('come after readers that stand later in the graph', async () => {
    const build = (graph: Graph) => {
      const a = graph.variable('a', [4]);
      const next = add(a, 1);
      graph.assign(a, next);
      const total = sum(next);
      graph.output('y', multiply(a, total));
    };
    await compiled(build, numbers);
  });

  it('let variables take each other’s values, in one pass or of different shapes', async () => {
    const swapped = (shape: readonly number[]) => (graph: Graph) => {
      const [a, b] = [graph.variable('a', [4]), graph.variable('b', shape)];
      graph.assign(a, reshapeTo(b, [4]));
      graph.assign(b, reshapeTo(a, shape));
    };
    assert.deepEqual(kinds(await compiled(swapped([4]), numbers)), ['elementwise']);
    assert.deepEqual(kinds(await compiled(swapped([2, 2]), numbers)), ['elementwise', 'elementwise', 'elementwise']);
  });

  it('of more variables than an instruction holds, each to the next one', async () => {
    const count = 40;
    const build = (graph: Graph) => {
      const variables = Array.from({ length: count }, (_, index) => graph.variable(`v${index}`, [2]));
      variables.forEach((variable, index) => {
        graph.assign(variable, variables[(index + 1) % count]!);
      });
    };
    const names = Array.from({ length: count }, (_, index) => [`v${index}`, [index, -index]] as const);
    await compiled(build, Object.fromEntries(names));
  });
});
