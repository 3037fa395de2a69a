/** Protects the gradient rules of every op: they must agree with central differences of the float64 reference. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { elementCount } from '../../src/core/shape.ts';
import { definitionOf, type OpName } from '../../src/ops/table.ts';
import { type AnyCase, isOpCase, type OpCase } from '../cases/case.ts';
import { families } from '../cases/families.ts';
import { checkGradient, type GradientReport } from '../support/gradient-check.ts';

/** Larger cases say nothing about a rule that smaller ones do not. */
const mostNumbers = 4000;

/** Ops whose gradients are differentiated again. */
const secondOrderOps: readonly OpName[] = [
  'conv2d',
  'conv2dInputGradient',
  'conv2dKernelGradient',
  'matMul',
  'softmax',
  'averagePool2d',
  'resize2d',
];

/** With more numbers, the second order is not worth its time. */
const mostNumbersOfSecondOrder = 600;

const cases = (Object.values(families).flat() as AnyCase[]).filter(isOpCase).filter(isDifferentiable);

function sizeOf({ inputs, batch = 1 }: OpCase): number {
  return inputs.reduce((total, { shape }) => total + elementCount(shape, batch), 0);
}

function isDifferentiable(testCase: OpCase): boolean {
  return testCase.withoutGradient === undefined && definitionOf(testCase.op).gradient !== undefined;
}

async function checkAll(chosen: readonly OpCase[], order: 1 | 2): Promise<GradientReport> {
  const problems: string[] = [];
  let compared = 0;
  for (const testCase of chosen) {
    const report = await checkGradient(testCase, order);
    problems.push(...report.problems);
    compared += report.compared;
  }
  return { problems, compared };
}

for (const op of new Set(cases.map((testCase) => testCase.op))) {
  it(`gradients of ${op} agree with differences`, async () => {
    const chosen = cases.filter((testCase) => testCase.op === op && sizeOf(testCase) <= mostNumbers);
    const { problems, compared } = await checkAll(chosen, 1);
    assert.equal(problems.length, 0, problems.slice(0, 10).join('\n'));
    assert.ok(compared > 0, 'expected a comparison, received none');
  });
}

it('every op with a gradient rule has a case that is checked', () => {
  const checked = new Set(cases.map((testCase) => testCase.op));
  const all = (Object.values(families).flat() as AnyCase[]).filter(isOpCase).map(({ op }) => op);
  const flat: readonly OpName[] = ['greater', 'greaterEqual', 'equal', 'randomUniform', 'randomNormal'];
  const unchecked = all.filter((op) => definitionOf(op).gradient && !checked.has(op) && !flat.includes(op));
  assert.deepEqual([...new Set(unchecked)], []);
});

it('gradients of gradients agree with differences', async (context) => {
  const chosen = cases.filter(
    (testCase) =>
      (testCase.secondOrder || secondOrderOps.includes(testCase.op)) && sizeOf(testCase) <= mostNumbersOfSecondOrder,
  );
  const { problems, compared } = await checkAll(chosen, 2);
  context.diagnostic(`second order: ${chosen.length} cases, ${compared} differences`);
  assert.equal(problems.length, 0, `${problems.length}: ${problems.slice(0, 10).join('\n')}`);
  assert.ok(chosen.length >= 20);
});
