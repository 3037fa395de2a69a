/** Cases of a weight's gradient and the optimizer's step that alone reads it: one instruction, in which the gradient lies
 * nowhere. Sizes around tiles, blocks and groups of rows, and sums long enough to be cut into chunks. */
import { batchAxis } from '../../src/core/shape.ts';
import { add, broadcastTo, divide, multiply, relu, sqrt, square, subtract } from '../../src/ops/elementwise.ts';
import type { Builder, Value } from '../../src/ops/op.ts';
import { reshapeTo } from '../../src/ops/reshape.ts';
import { arena, type CaseInput, type GraphCase, ofLargest, scalar, uniform, variable } from './case.ts';

/** A case whose parts can also run one after the other, because the product is asked for. */
export interface ProductCase extends GraphCase {
  readonly apart: GraphCase;
}

/** [m, batch, n] of x [batch, m] and dy [batch, n]. */
type Size = readonly [number, number, number];

type Code = (parts: {
  graph: Builder & { assign(variable: Value, value: Value): void; output(name: string, value: Value): void };
  gradient: Value;
  variables: readonly Value[];
  rate: Value;
}) => void;

function productCase(name: string, [m, batch, n]: Size, variables: readonly CaseInput[], code: Code): ProductCase {
  const build = (isApart: boolean): GraphCase['build'] => {
    return (graph, [x, dy, rate, ...rest]) => {
      const attributes = { transposeA: 'yes', transposeB: 'no', activation: 'linear' } as const;
      const [gradient] = graph.apply('matMul', [x!, dy!], attributes);
      if (isApart) graph.output('gradient', gradient!);
      code({ graph, gradient: gradient!, variables: rest, rate: rate! });
    };
  };
  const given = {
    name: `${name} of a product ${m}×${batch}·${batch}×${n}`,
    batch,
    inputs: [arena([batchAxis, m]), arena([batchAxis, n]), scalar(0.125), ...variables],
    tolerance: ofLargest(1e-5),
  };
  return { ...given, build: build(false), apart: { ...given, build: build(true) } };
}

const sgd: Code = ({ graph, gradient, variables: [w], rate }) =>
  graph.assign(w!, subtract(w!, multiply(gradient, rate)));

const adam: Code = ({ graph, gradient, variables: [w, mean, variance], rate }) => {
  const nextMean = add(mean!, multiply(subtract(gradient, mean!), 0.1));
  const nextVariance = add(variance!, multiply(subtract(square(gradient), variance!), 0.001));
  graph.assign(mean!, nextMean);
  graph.assign(variance!, nextVariance);
  graph.assign(w!, subtract(w!, divide(multiply(nextMean, rate), add(sqrt(nextVariance), 1e-7))));
};

function sgdCase(size: Size): ProductCase {
  return productCase('SGD', size, [variable([size[0], size[2]])], sgd);
}

function adamCase(size: Size): ProductCase {
  const shape = [size[0], size[2]];
  return productCase('Adam', size, [variable(shape), variable(shape), variable(shape, uniform(0.1, 1))], adam);
}

/** The cases. */
export const productCases: readonly ProductCase[] = [
  ...(
    [
      [1, 1, 1],
      [3, 5, 1],
      [1, 7, 65],
      [5, 3, 10],
      [13, 130, 31],
      [25, 4, 96],
      [300, 33, 17],
      [97, 16, 1030],
    ] as const
  ).map(sgdCase),
  // Groups of several blocks, and blocks of less than a group because sums are long.
  adamCase([601, 32, 513]),
  adamCase([290, 1500, 33]),
  // Three chunks of different lengths.
  adamCase([29, 3100, 35]),
  { ...adamCase([3136, 32, 256]), bench: { batch: 32 } },
  productCase('results in the arena', [37, 6, 22], [variable([22]), variable([37, 1])], (parts) => {
    const { graph, gradient, variables, rate } = parts;
    const scaled = multiply(add(gradient, variables[0]!), broadcastTo(variables[1]!, [37, 22]));
    graph.output('scaled', scaled);
    graph.output('passed', relu(subtract(scaled, rate)));
  }),
  productCase('steps under another shape', [6, 9, 4], [variable([6, 4])], ({ graph, gradient, variables: [w] }) => {
    graph.assign(w!, add(subtract(w!, gradient), reshapeTo(reshapeTo(gradient, [24]), [6, 4])));
  }),
];
