/** Cases of single elementwise ops: every op with every way to broadcast, with uint8 pictures, with more elements than
 * one tile and one thread take, and with special numbers. */
import { batchAxis } from '../../src/core/shape.ts';
import type { ElementwiseName, RandomName } from '../../src/ops/elementwise.ts';
import type { AttributesFor } from '../../src/ops/table.ts';
import {
  arena,
  bytes,
  type CaseInput,
  exact,
  type Fill,
  listed,
  type OpCase,
  ofEach,
  ofLargest,
  scalar,
  type Tolerance,
  uniform,
  variable,
  weights,
  wholes,
} from './case.ts';

type ElementwiseCase = { [Name in ElementwiseName]: OpCase<Name> }[ElementwiseName];

/** What an op of one operand takes, and how exact it must be. Results of one rounding are equal to the bit. */
interface Row {
  readonly fill: Fill;
  readonly tolerance: Tolerance;
  readonly kinks?: readonly number[];
  readonly secondOrder?: true;
  /** Finite special numbers beyond this are left out. */
  readonly largest?: number;
}

const few = ofEach(1e-6);

const unary = {
  identity: { fill: uniform(-3, 3), tolerance: exact },
  negate: { fill: uniform(-3, 3), tolerance: exact },
  abs: { fill: uniform(-3, 3), tolerance: exact, kinks: [0] },
  sign: { fill: uniform(-3, 3), tolerance: exact, kinks: [0] },
  floor: { fill: uniform(-3, 3), tolerance: exact, kinks: [-3, -2, -1, 0, 1, 2, 3] },
  exp: { fill: uniform(-10, 10), tolerance: few, secondOrder: true },
  expm1: { fill: uniform(-10, 10), tolerance: few, secondOrder: true },
  log: { fill: uniform(0.01, 10), tolerance: ofEach(1e-6, 0.1), secondOrder: true },
  log1p: { fill: uniform(-0.9, 10), tolerance: few, secondOrder: true },
  sqrt: { fill: uniform(0.1, 9), tolerance: exact, secondOrder: true },
  square: { fill: uniform(-3, 3), tolerance: exact, secondOrder: true },
  relu: { fill: uniform(-3, 3), tolerance: exact, kinks: [0] },
  sigmoid: { fill: uniform(-15, 15), tolerance: few, secondOrder: true },
  tanh: { fill: uniform(-4, 4), tolerance: ofEach(1e-6, 1e-3), secondOrder: true },
  erf: { fill: uniform(-4, 4), tolerance: few, secondOrder: true },
  sin: { fill: uniform(-7, 7), tolerance: ofEach(1e-7, 1), secondOrder: true, largest: 1e4 },
  cos: { fill: uniform(-7, 7), tolerance: ofEach(1e-7, 1), secondOrder: true, largest: 1e4 },
} satisfies Partial<Record<ElementwiseName, Row>>;

type UnaryName = keyof typeof unary;
const unaryRows: readonly (readonly [UnaryName, Row])[] = Object.entries(unary) as [UnaryName, Row][];

const binaryNames = [
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
] as const;
type BinaryName = (typeof binaryNames)[number];

/** Ways in which two operands meet: [name, left, right, batch]. */
const meetings: readonly (readonly [string, readonly number[], readonly number[], number])[] = [
  ['full', [batchAxis, 5, 7], [batchAxis, 5, 7], 3],
  ['full, one element', [1], [1], 1],
  ['scalar right', [batchAxis, 5, 7], [], 3],
  ['scalar left', [], [batchAxis, 17], 2],
  ['ones right', [batchAxis, 3, 5], [1, 1, 1], 3],
  ['trailing right', [batchAxis, 3, 33], [33], 2],
  ['trailing left', [7], [batchAxis, 5, 7], 2],
  ['two trailing', [batchAxis, 5, 3], [5, 3], 4],
  ['leading right', [batchAxis, 3, 19], [batchAxis, 1, 1], 5],
  ['leading left', [batchAxis, 1], [batchAxis, 18], 6],
  ['middle', [batchAxis, 6, 9], [6, 1], 2],
  ['both ways', [batchAxis, 1, 9], [4, 1], 3],
  ['every other axis', [batchAxis, 1, 4, 1, 5], [3, 1, 6, 1], 2],
  ['by picture and channel', [batchAxis, 5, 7, 3], [batchAxis, 1, 1, 3], 3],
  ['by pixel', [batchAxis, 5, 7, 3], [batchAxis, 5, 7, 1], 3],
  ['six axes', [batchAxis, 2, 1, 3, 1, 2], [1, 2, 4, 1, 3, 1], 2],
];

/** More elements than one tile and one thread take. */
const manyMeetings: typeof meetings = [
  ['many', [batchAxis, 61, 67, 13], [batchAxis, 61, 67, 13], 2],
  ['many, trailing', [batchAxis, 149, 33], [33], 11],
  ['many, scalar', [batchAxis, 100_003], [], 1],
  ['many, leading', [batchAxis, 3000], [batchAxis, 1], 17],
  ['many, by picture and channel', [batchAxis, 41, 53, 3], [batchAxis, 1, 1, 3], 5],
  ['many, by pixel', [batchAxis, 41, 53, 3], [batchAxis, 41, 53, 1], 5],
  ['many, by pixel of many channels', [batchAxis, 31, 17], [batchAxis, 31, 1], 40],
  ['many, middle', [batchAxis, 51, 1000], [51, 1], 2],
];

const specials: readonly number[] = [
  Number.NaN,
  Infinity,
  -Infinity,
  0,
  -0,
  1,
  -1,
  1.25e-38,
  -1.25e-38,
  3e38,
  -3e38,
  88,
  89,
  -87,
  -104,
  16,
  -16,
  1e-4,
  0.625,
];

function specialsUpTo(largest = Infinity): number[] {
  return specials.filter((number) => !Number.isFinite(number) || Math.abs(number) <= largest);
}

function unaryCase(op: UnaryName, name: string, input: CaseInput, row: Row, batch: number): ElementwiseCase {
  return {
    name: `${op} ${name}`,
    op,
    attributes: {},
    batch,
    inputs: [input],
    tolerance: row.tolerance,
    ...(row.kinks && { kinks: row.kinks }),
  };
}

function unaryCases([op, row]: readonly [UnaryName, Row]): ElementwiseCase[] {
  return [
    ...[1, 7, 15, 16, 33].map((size) => unaryCase(op, String(size), arena([batchAxis, size], row.fill), row, 1)),
    {
      ...unaryCase(op, '3×5×7', arena([batchAxis, 5, 7], row.fill), row, 3),
      ...(row.secondOrder && { secondOrder: true }),
    },
    unaryCase(op, 'many', arena([batchAxis, 10_007], row.fill), row, 9),
    unaryCase(op, 'uint8', arena([batchAxis, 85], bytes, 'uint8'), row, 3),
    {
      ...unaryCase(op, 'special', arena([batchAxis, 19], listed(...specialsUpTo(row.largest))), row, 1),
      withoutGradient: 'special values',
    },
  ];
}

function binaryFills(op: BinaryName): [Fill, Fill] {
  if (op === 'divide') return [uniform(-3, 3), weights];
  return op === 'equal' || op === 'greaterEqual' || op === 'greater'
    ? [wholes(4), wholes(4)]
    : [uniform(-3, 3), op.endsWith('Where') ? wholes(2) : uniform(-3, 3)];
}

function binaryCases(op: BinaryName): ElementwiseCase[] {
  const [left, right] = binaryFills(op);
  const make = (name: string, inputs: readonly CaseInput[], batch: number): OpCase<BinaryName> => ({
    name: `${op} ${name}`,
    op,
    attributes: {},
    batch,
    inputs,
    tolerance: exact,
    ...((op === 'equal' || op.startsWith('greater')) && { withoutGradient: 'equal values are kinks' }),
    ...((op === 'multiply' || op === 'divide') && name === 'full' && { secondOrder: true as const }),
  });
  const common = [
    ...meetings.map(([name, a, b, batch]) => make(name, [arena(a, left), arena(b, right)], batch)),
    make('with a scalar of the run', [arena([batchAxis, 21], left), scalar(0.75)], 3),
    make('with a variable', [variable([11]), arena([batchAxis, 11], right)], 3),
    make('uint8 left', [arena([batchAxis, 43], bytes, 'uint8'), arena([43], right)], 2),
    make('uint8 right', [arena([batchAxis, 1], left), arena([batchAxis, 67], listed(1, 2, 3, 200, 255), 'uint8')], 2),
    make(
      'uint8 by pixel',
      [arena([batchAxis, 21, 29, 3], left), arena([batchAxis, 21, 29, 1], listed(1, 2, 3, 200, 255), 'uint8')],
      2,
    ),
    make(
      'uint8 both',
      [arena([batchAxis, 50], wholes(9), 'uint8'), arena([batchAxis, 50], listed(1, 5, 8), 'uint8')],
      1,
    ),
    {
      ...make('special', [arena([19], listed(...specials)), arena([19, 1], listed(...specials))], 1),
      withoutGradient: 'special values',
    },
  ];
  const isLong = op === 'add' || op === 'multiply' || op === 'maximum';
  const many = manyMeetings.map(([name, a, b, batch]) => make(name, [arena(a, left), arena(b, right)], batch));
  return (isLong ? [...common, ...many] : [...common, many[0]!]) as ElementwiseCase[];
}

function withAttributes<Name extends 'clip' | 'rescale' | 'broadcast' | 'power'>(
  op: Name,
  attributes: AttributesFor<Name>,
  name: string,
  input: CaseInput,
  batch: number,
): OpCase<Name> {
  const tolerances = { clip: exact, broadcast: exact, rescale: ofEach(1e-6, 0.1), power: ofEach(2e-6) };
  const tolerance = tolerances[op];
  const kinks = op === 'clip' ? Object.values(attributes as Readonly<Record<string, number>>) : [];
  return { name: `${op} ${name}`, op, attributes, batch, inputs: [input], tolerance, kinks };
}

const attributed: readonly ElementwiseCase[] = [
  withAttributes('clip', { low: -1, high: 2 }, '3×35', arena([batchAxis, 35], uniform(-4, 4)), 3),
  withAttributes('clip', { low: 1e-7, high: 1 }, 'probabilities', arena([batchAxis, 5], uniform(0, 1)), 7),
  withAttributes('clip', { low: 10, high: 200.5 }, 'uint8', arena([batchAxis, 77], bytes, 'uint8'), 2),
  withAttributes('clip', { low: -1, high: 1 }, 'many', arena([batchAxis, 20_001], uniform(-2, 2)), 4),
  {
    ...withAttributes('clip', { low: -1, high: 1 }, 'special', arena([batchAxis, 19], listed(...specials)), 1),
    withoutGradient: 'special values',
  },
  withAttributes('rescale', { scale: 2 ** -8, offset: 0 }, 'uint8', arena([batchAxis, 9, 9, 3], bytes, 'uint8'), 3),
  withAttributes(
    'rescale',
    { scale: 2 ** -7, offset: -1 },
    'uint8 many',
    arena([batchAxis, 150, 150, 3], bytes, 'uint8'),
    2,
  ),
  {
    ...withAttributes(
      'rescale',
      { scale: 1 / 127.5, offset: -1 },
      'uint8 pictures',
      arena([batchAxis, 75, 75, 3], bytes, 'uint8'),
      2,
    ),
    bench: { batch: 128 },
  },
  withAttributes('rescale', { scale: 1 / 255, offset: 0 }, 'uint8 by 255', arena([batchAxis, 31], bytes, 'uint8'), 2),
  withAttributes('rescale', { scale: -3, offset: 0.5 }, 'float32', arena([batchAxis, 13], uniform(-2, 2)), 5),
  ...[2, 3, 7, 1, 0, 16, -1, -2].map((exponent) =>
    withAttributes('power', { exponent }, `of any by ${exponent}`, arena([batchAxis, 21], weights), 2),
  ),
  ...[0.25, 1.5, 2.5, -0.5, -1.75, 3.75].map((exponent) =>
    withAttributes('power', { exponent }, `of positive by ${exponent}`, arena([batchAxis, 21], uniform(0.05, 3)), 2),
  ),
  ...[17, 18, -21].map((exponent) =>
    withAttributes('power', { exponent }, `of any by ${exponent}`, arena([batchAxis, 21], weights), 2),
  ),
  withAttributes('power', { exponent: 2.5 }, 'many', arena([batchAxis, 10_007], uniform(0.05, 3)), 4),
  ...[1, 3, 1.5]
    .map((exponent) =>
      withAttributes('power', { exponent }, `of 0 by ${exponent}`, arena([batchAxis, 5], listed(0, 1)), 1),
    )
    .map((testCase) => ({ ...testCase, withoutGradient: 'differences would leave the domain' })),
  ...[0, 1, 2, 3, -3, 17, 18].map(
    (exponent): ElementwiseCase => ({
      ...withAttributes('power', { exponent }, `special by ${exponent}`, arena([19], listed(...specials)), 1),
      tolerance: ofEach(1e-5),
      withoutGradient: 'special values',
    }),
  ),
  {
    ...withAttributes(
      'power',
      { exponent: 2.5 },
      'special by 2.5',
      arena([7], listed(Number.NaN, Infinity, 0, -0, 1, -1, 4)),
      1,
    ),
    withoutGradient: 'special values',
  },
  withAttributes('broadcast', { shape: [batchAxis, 4, 9] }, 'trailing', arena([9]), 3),
  withAttributes('broadcast', { shape: [batchAxis, 4, 9] }, 'leading', arena([batchAxis, 1, 1]), 3),
  withAttributes('broadcast', { shape: [batchAxis, 4, 9] }, 'middle', arena([4, 1]), 3),
  withAttributes('broadcast', { shape: [6, 700] }, 'scalar', arena([]), 1),
];

function randomCase(
  op: RandomName,
  name: string,
  shape: readonly number[],
  batch: number,
  stream: number,
  seed: number,
  step: number,
): ElementwiseCase {
  return {
    name: `${op} ${name}`,
    op,
    attributes: { shape, stream },
    batch,
    inputs: [scalar(seed, 'int32'), scalar(step, 'int32')],
    tolerance: op === 'randomUniform' ? exact : ofLargest(5e-7),
    withoutGradient: 'its inputs are whole numbers',
  };
}

const random: readonly ElementwiseCase[] = (['randomUniform', 'randomNormal'] as const).flatMap((op) => [
  randomCase(op, '1', [1], 1, 0, 0, 0),
  randomCase(op, '3×5×7', [batchAxis, 5, 7], 3, 1, 7, 3),
  randomCase(op, '17', [17], 1, 2 ** 24 - 1, -1, 2 ** 31 - 1),
  randomCase(op, 'many', [batchAxis, 37, 101], 16, 12_345, 987_654_321, 100_000),
]);

/** The cases. */
export const elementwiseCases: readonly ElementwiseCase[] = [
  ...unaryRows.flatMap(unaryCases),
  ...binaryNames.flatMap(binaryCases),
  ...attributed,
  ...random,
];
