/** Cases of several ops that run in one pass: optimizer steps that write variables in place, dropout, losses with their
 * gradients, normalisations with mixed broadcasting, and a small network's whole training step. */
import { batchAxis } from '../../src/core/shape.ts';
import { gradient } from '../../src/graph/gradient.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { convolve } from '../../src/ops/conv2d.ts';
import {
  abs,
  add,
  clip,
  divide,
  exp,
  greaterEqual,
  identity,
  log,
  maximum,
  multiply,
  negate,
  relu,
  rescale,
  sigmoid,
  sqrt,
  square,
  subtract,
  tanh,
} from '../../src/ops/elementwise.ts';
import { matrixProduct } from '../../src/ops/mat-mul.ts';
import { maxPool } from '../../src/ops/max-pool2d.ts';
import type { Value } from '../../src/ops/op.ts';
import { sum } from '../../src/ops/reduce.ts';
import { reshapeTo } from '../../src/ops/reshape.ts';
import { softmaxOf } from '../../src/ops/softmax.ts';
import {
  arena,
  bytes,
  type CaseInput,
  type GraphCase,
  listed,
  ofLargest,
  scalar,
  type Tolerance,
  uniform,
  variable,
  weights,
} from './case.ts';

type Build = GraphCase['build'];

interface Rest {
  readonly batch?: number;
  readonly tolerance?: Tolerance;
  readonly bench?: { readonly batch: number };
}

function fused(name: string, inputs: readonly CaseInput[], build: Build, rest: Rest = {}): GraphCase {
  return { tolerance: ofLargest(2e-6), ...rest, name, inputs, build };
}

const learningRate = scalar(0.125);

/** Parameters of many elements: several tiles for every thread, and a tail. */
const parameters = [261, 131];

const steps: readonly GraphCase[] = [
  fused('SGD in place', [variable(parameters), arena(parameters), learningRate], (graph, [w, g, rate]) => {
    graph.assign(w!, subtract(w!, multiply(g!, rate!)));
  }),
  fused('SGD in place, one number', [variable([]), arena([]), learningRate], (graph, [w, g, rate]) => {
    graph.assign(w!, subtract(w!, multiply(g!, rate!)));
  }),
  fused(
    'momentum in place',
    [variable(parameters), variable(parameters), arena(parameters), learningRate],
    (graph, [w, velocity, g, rate]) => {
      const next = subtract(multiply(velocity!, 0.875), multiply(g!, rate!));
      graph.assign(velocity!, next);
      graph.assign(w!, add(w!, next));
    },
  ),
  fused(
    'RMSprop in place',
    [variable(parameters), variable(parameters, uniform(0.1, 1)), arena(parameters), learningRate],
    (graph, [w, slot, g, rate]) => {
      const next = add(multiply(slot!, 0.9), multiply(square(g!), 0.1));
      graph.assign(slot!, next);
      graph.assign(w!, subtract(w!, divide(multiply(g!, rate!), sqrt(add(next, 1e-7)))));
    },
  ),
  fused(
    'Adam in place',
    [
      variable(parameters),
      variable(parameters),
      variable(parameters, uniform(0.1, 1)),
      arena(parameters),
      learningRate,
    ],
    (graph, [w, mean, variance, g, rate]) => {
      const nextMean = add(mean!, multiply(subtract(g!, mean!), 0.1));
      const nextVariance = add(variance!, multiply(subtract(square(g!), variance!), 0.001));
      graph.assign(mean!, nextMean);
      graph.assign(variance!, nextVariance);
      graph.assign(w!, subtract(w!, divide(multiply(nextMean, rate!), add(sqrt(nextVariance), 1e-7))));
    },
    { bench: { batch: 1 } },
  ),
  fused('two variables change places', [variable([1037]), variable([1037])], (graph, [a, b]) => {
    graph.assign(a!, b!);
    graph.assign(b!, a!);
  }),
  fused('an output keeps the old value', [variable([1037]), arena([1037])], (graph, [w, x]) => {
    graph.output('before', multiply(w!, 2));
    graph.assign(w!, add(w!, x!));
    graph.output('after', square(add(w!, x!)));
  }),
  fused('a counter', [variable([], listed(41))], (graph, [counter]) => {
    graph.assign(counter!, add(counter!, 1));
  }),
];

function dropout(graph: Graph, x: Value, rate: number, [seed, step]: readonly [Value, Value]): Value {
  const [noise] = graph.apply('randomUniform', [seed, step], { shape: x.shape, stream: 3 });
  return multiply(multiply(x, greaterEqual(noise!, rate)), 1 / (1 - rate));
}

function crossEntropy(probabilities: Value, targets: Value): Value {
  return negate(sum(multiply(targets, log(clip(probabilities, 1e-7, 1)))));
}

const chains: readonly GraphCase[] = [
  fused(
    'dropout',
    [arena([batchAxis, 37, 53]), scalar(7, 'int32'), scalar(3, 'int32')],
    (graph, [x, seed, step]) => {
      graph.output('y', dropout(graph, x!, 0.5, [seed!, step!]));
    },
    { batch: 5, bench: { batch: 512 } },
  ),
  fused(
    'normalisation with mixed shapes',
    [
      arena([batchAxis, 9, 17]),
      variable([17]),
      variable([17]),
      arena([batchAxis, 1, 1]),
      variable([9, 1]),
      scalar(0.5),
    ],
    (graph, [x, gamma, beta, perExample, perRow, shift]) => {
      const centred = subtract(x!, perExample!);
      graph.output('y', add(multiply(multiply(centred, gamma!), perRow!), add(beta!, shift!)));
      graph.output('centred', centred);
    },
    { batch: 6 },
  ),
  fused(
    'a long chain with many temporaries',
    [arena([batchAxis, 1201]), arena([batchAxis, 1201], uniform(0.5, 2))],
    (graph, [x, y]) => {
      const parts = [
        tanh(x!),
        sigmoid(y!),
        exp(negate(abs(x!))),
        log(y!),
        sqrt(y!),
        relu(subtract(x!, y!)),
        maximum(x!, 0.25),
      ];
      const products = parts.map((part, index) => multiply(part, parts[(index + 3) % parts.length]!));
      graph.output(
        'total',
        products.reduce((total, part) => add(total, part)),
      );
      graph.output('first', identity(products[0]!));
    },
    { batch: 3, tolerance: ofLargest(4e-6) },
  ),
  fused(
    'softmax cross-entropy and its gradient',
    [arena([batchAxis, 7], uniform(-2, 2)), arena([batchAxis, 7], (_, index) => (index % 7 === 2 ? 1 : 0))],
    (graph, [logits, targets]) => {
      const loss = crossEntropy(softmaxOf(logits!), targets!);
      graph.output('loss', loss);
      graph.output('gradient', gradient(graph, loss, [logits!])[0]!);
    },
    { batch: 13, tolerance: ofLargest(5e-6) },
  ),
];

const same3x3 = { strideHeight: 1, strideWidth: 1, paddingTop: 1, paddingBottom: 1, paddingLeft: 1, paddingRight: 1 };
const pool2x2 = { strideHeight: 2, strideWidth: 2, paddingTop: 0, paddingBottom: 0, paddingLeft: 0, paddingRight: 0 };

/** uint8 pictures → convolution → pooling → dense → softmax, with its loss, gradients and an SGD step. */
const network: GraphCase = fused(
  "a small network's training step",
  [
    arena([batchAxis, 10, 10, 3], bytes, 'uint8'),
    arena([batchAxis, 4], (_, index) => (index % 4 === Math.floor(index / 4) % 4 ? 1 : 0)),
    variable([3, 3, 3, 8]),
    variable([8]),
    variable([200, 4], uniform(-0.1, 0.1)),
    variable([4]),
    scalar(0.0625),
    scalar(11, 'int32'),
    scalar(2, 'int32'),
  ],
  (graph, [pictures, targets, kernel, bias, dense, denseBias, rate, seed, step]) => {
    const window = { ...same3x3, dilationHeight: 1, dilationWidth: 1, activation: 'linear' as const };
    const features = relu(convolve(rescale(pictures!, 1 / 255, 0), kernel!, bias!, window));
    const pooled = maxPool(features, { ...pool2x2, poolHeight: 2, poolWidth: 2 });
    const flat = dropout(graph, reshapeTo(pooled, [batchAxis, 200]), 0.25, [seed!, step!]);
    const loss = crossEntropy(softmaxOf(matrixProduct(flat, dense!, denseBias!)), targets!);
    graph.output('loss', loss);
    const trained = [kernel!, bias!, dense!, denseBias!];
    gradient(graph, loss, trained).forEach((slope, index) => {
      graph.assign(trained[index]!, subtract(trained[index]!, multiply(slope!, rate!)));
    });
  },
  { batch: 5, tolerance: ofLargest(2e-5) },
);

/** A weighted sum of everything, so that fusion meets a reduction in the middle of a chain. */
const reductions: readonly GraphCase[] = [
  fused(
    'a reduction between chains',
    [arena([batchAxis, 5, 33], weights), variable([33])],
    (graph, [x, w]) => {
      const scaled = multiply(x!, w!);
      const mean = multiply(sum(scaled, 1, 1, 'yes'), 1 / 5);
      graph.output('y', square(subtract(scaled, mean)));
      graph.output('total', sum(square(subtract(scaled, mean))));
    },
    { batch: 7, tolerance: ofLargest(4e-6) },
  ),
];

/** The cases. */
export const fusedCases: readonly GraphCase[] = [...steps, ...chains, ...reductions, network];
