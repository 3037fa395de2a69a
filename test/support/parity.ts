/** The parity test of one family: every case on every target and number of threads, against the float64 reference.
 * Besides the numbers it checks that nothing outside the outputs is written, that results are equal to the bit on any
 * number of threads, and that the first pictures of a batch do not depend on the others. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import type { Backend, MemoryArray } from '../../src/backends/backend.ts';
import { openReferenceBackend } from '../../src/backends/reference/index.ts';
import { BackendError } from '../../src/core/errors.ts';
import { hasBatch } from '../../src/core/shape.ts';
import { isRandom } from '../../src/ops/elementwise.ts';
import { definitionOf, type OpName } from '../../src/ops/table.ts';
import { type AnyCase, isOpCase, numbersOf } from '../cases/case.ts';
import { type Family, families } from '../cases/families.ts';
import { listTargets, type Target, threadCounts } from './backends-under-test.ts';
import { describeDifference } from './compare.ts';
import { type CaseResult, type CaseRun, runCase } from './run-case.ts';

type Outputs = CaseResult['outputs'];

const minimums = JSON.parse(readFileSync(new URL('../parity/minimum.json', import.meta.url), 'utf8')) as Record<
  string,
  number
>;

/** Declares the tests of a family. */
export async function testParity(family: Family): Promise<void> {
  const cases = families[family];
  const targets = await listTargets();
  const expected = new Map<AnyCase, Promise<Outputs>>();
  const expectedOf = (testCase: AnyCase): Promise<Outputs> => {
    const known =
      expected.get(testCase) ?? runCase(openReferenceBackend(), testCase).then(({ outputs }) => roundedAll(outputs));
    expected.set(testCase, known);
    return known;
  };

  describe(`parity of ${family}`, () => {
    for (const target of targets) declareTarget(family, target, expectedOf);

    const weighted = cases.filter((testCase) => weightInput(testCase) !== undefined);
    if (weighted.length === 0) return;
    it('each case notices one weight that is wrong by 1 %', async (context) => {
      for (const testCase of weighted) {
        const input = weightInput(testCase)!;
        const place = ordinaryWeight(testCase, input);
        const { outputs } = await runCase(openReferenceBackend(), testCase, { change: { input, place, factor: 1.01 } });
        const difference = describeAll(outputs, await expectedOf(testCase), testCase);
        assert.ok(
          difference,
          `${testCase.name}: input ${input} was changed by 1 % at ${place}, and the comparison passed`,
        );
      }
      context.diagnostic(
        `${family}: ${weighted.length} of ${cases.length} cases have weights, and each notices 1 % in one of them`,
      );
    });
  });
}

function declareTarget(family: Family, target: Target, expectedOf: (testCase: AnyCase) => Promise<Outputs>): void {
  const cases = families[family];
  const title = `${target.backend} ${target.instructionSet}`;
  if (target.missing !== undefined) {
    it(`${title} agrees with the reference`, { skip: `${title}: ${target.missing}` }, () => {});
    return;
  }
  describe(title, () => {
    const alone = new Map<AnyCase, Outputs>();
    for (const threads of threadCounts) {
      it(`agrees with the reference on ${threads} thread${threads > 1 ? 's' : ''}`, async (context) => {
        const backend = await target.open(threads);
        assert.equal(backend.threads, threads);
        assert.equal(backend.instructionSet, target.instructionSet);
        const problems: string[] = [];
        const tiles = new Map<string, number>();
        let count = 0;
        for (const testCase of cases) {
          count++;
          const tilesBefore = tilesRun(backend);
          const { outputs, strayWrites, refusal } = await runOrRefuse(backend, testCase);
          if (refusal) {
            problems.push(`${testCase.name}: ${refusal}`);
            continue;
          }
          const difference = describeAll(outputs, await expectedOf(testCase), testCase);
          if (difference) problems.push(`${testCase.name}: ${difference}`);
          noteTiles(tiles, testCase, tilesRun(backend) - tilesBefore);
          for (const stray of strayWrites) problems.push(`${testCase.name}: wrote outside its outputs, ${stray}`);
          if (!alone.has(testCase)) alone.set(testCase, outputs);
          else problems.push(...differentBits(testCase, outputs, alone.get(testCase)!));
        }
        for (const [kernel, most] of tiles) {
          if (most < leastTiles)
            problems.push(`${kernel}: no case has more than ${most} tiles of work, so threads idle`);
        }
        await backend.close();
        report(context, problems, `${family} on ${title}, ${threads} threads: ${count} cases`);
        assert.ok(count >= minimums[family]!, `expected at least ${minimums[family]} cases, received ${count}`);
      });
    }

    const graphs = cases.filter((testCase) => !isOpCase(testCase));
    if (graphs.length > 0) {
      it('gives the same bits where buffers share memory', async () => {
        const backend = await target.open(2);
        const problems: string[] = [];
        for (const testCase of graphs) {
          const { outputs, refusal } = await runOrRefuse(backend, testCase, { isPlanned: true });
          if (refusal) problems.push(`${testCase.name}: ${refusal}`);
          else problems.push(...differentBits(testCase, outputs, (await runCase(backend, testCase)).outputs));
        }
        await backend.close();
        assert.equal(problems.length, 0, problems.join('\n'));
      });
    }

    const perExample = cases.filter(isPerExample);
    if (perExample.length === 0) return;
    it('gives the first pictures of a batch as it gives them alone', async (context) => {
      const backend = await target.open(2);
      const problems: string[] = [];
      for (const testCase of perExample) problems.push(...(await batchProblems(backend, testCase)));
      await backend.close();
      report(context, problems, `${family} on ${title}: ${perExample.length} cases by parts of the batch`);
    });
  });
}

/** Tiles of work in some case of each kernel, so that each of three threads has one. */
const leastTiles = 3;

/** Tiles of work that all threads have done so far; NaN where the backend does not count them. */
function tilesRun(backend: Backend): number {
  const { tilesRun: counter } = backend as { tilesRun?: () => number[] };
  return counter ? counter.call(backend).reduce((total, tiles) => total + tiles, 0) : Number.NaN;
}

function noteTiles(most: Map<string, number>, testCase: AnyCase, tiles: number): void {
  const kernel = isOpCase(testCase) && !definitionOf(testCase.op).elementwise ? testCase.op : 'elementwise';
  if (!Number.isNaN(tiles)) most.set(kernel, Math.max(most.get(kernel) ?? 0, tiles));
}

/** Runs a case; where the backend throws, the message stands for the result, so that one case does not hide the rest. */
async function runOrRefuse(
  backend: Backend,
  testCase: AnyCase,
  run?: CaseRun,
): Promise<CaseResult & { refusal?: string }> {
  try {
    return await runCase(backend, testCase, run);
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    return { outputs: {}, strayWrites: [], refusal: error.message };
  }
}

function report(context: TestContext, problems: readonly string[], summary: string): void {
  context.diagnostic(summary);
  assert.equal(problems.length, 0, `${problems.length} problems\n${problems.slice(0, 20).join('\n')}`);
}

/** Outputs as float32: what a backend would hold if it made no error but the last rounding. */
function roundedAll(outputs: Outputs): Outputs {
  return Object.fromEntries(Object.entries(outputs).map(([name, numbers]) => [name, Float32Array.from(numbers)]));
}

function describeAll(actual: Outputs, expected: Outputs, { tolerance }: AnyCase): string | undefined {
  for (const [name, numbers] of Object.entries(expected)) {
    const difference = describeDifference(actual[name]!, numbers, tolerance);
    if (difference) return `${name} has ${difference}`;
  }
  return undefined;
}

function bytesOf(numbers: MemoryArray | Float64Array, count: number = numbers.length): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, count * numbers.BYTES_PER_ELEMENT);
}

function differentBits(testCase: AnyCase, outputs: Outputs, alone: Outputs): string[] {
  return Object.entries(outputs).flatMap(([name, numbers]) => {
    const isEqual = Buffer.compare(bytesOf(numbers), bytesOf(alone[name]!)) === 0;
    return isEqual ? [] : [`${testCase.name}: ${name} differs in some bits`];
  });
}

/** True where each example's output depends on that example alone. */
function isPerExample(testCase: AnyCase): boolean {
  if (!isOpCase(testCase) || isRandom(testCase.op) || (testCase.batch ?? 1) === 1) return false;
  const outputs = definitionOf(testCase.op).infer(testCase.inputs, testCase.attributes as never, testCase.op);
  return outputs.every(({ shape }) => hasBatch(shape)) && testCase.inputs.some(({ shape }) => hasBatch(shape));
}

async function batchProblems(backend: Backend, testCase: AnyCase): Promise<string[]> {
  const full = testCase.batch!;
  const { outputs } = await runOrRefuse(backend, testCase);
  const problems: string[] = [];
  for (const batch of new Set([1, Math.ceil(full / 2), full - 1])) {
    const part = await runOrRefuse(backend, testCase, { batch });
    if (part.refusal) problems.push(`${testCase.name}: batch ${batch}: ${part.refusal}`);
    for (const stray of part.strayWrites) problems.push(`${testCase.name}: batch ${batch} wrote ${stray}`);
    for (const [name, numbers] of Object.entries(part.outputs)) {
      if (!outputs[name]) continue;
      const isEqual = Buffer.compare(bytesOf(numbers), bytesOf(outputs[name]!, numbers.length)) === 0;
      if (!isEqual) problems.push(`${testCase.name}: ${name} of batch ${batch} differs from the first of ${full}`);
    }
  }
  return problems;
}

const withWeights: readonly OpName[] = [
  'matMul',
  'conv2d',
  'conv2dInputGradient',
  'conv2dKernelGradient',
  'conv2dMaxPool2d',
  'conv2dMaxPool2dInputGradient',
  'conv2dMaxPool2dKernelGradient',
];

/** The input that holds weights: the right operand of products, and any variable elsewhere. */
function weightInput(testCase: AnyCase): number | undefined {
  return isOpCase(testCase) && withWeights.includes(testCase.op) ? 1 : undefined;
}

/** The place of the number whose size is in the middle; of a convolution's kernel, among the weights of its middle tap,
 * because the others may lie outside a small picture. */
function ordinaryWeight(testCase: AnyCase, input: number): number {
  const numbers = numbersOf(testCase, input);
  let places = Array.from(numbers, (_, place) => place);
  const { shape, region } = testCase.inputs[input]!;
  if (shape.length === 4 && region === 'variables') {
    const [height, width, channels, filters] = shape as [number, number, number, number];
    const tap = (height >> 1) * width + (width >> 1);
    places = places.slice(tap * channels * filters, (tap + 1) * channels * filters);
  }
  places.sort((a, b) => Math.abs(numbers[a]!) - Math.abs(numbers[b]!));
  return places[places.length >> 1]!;
}
