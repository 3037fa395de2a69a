/** Times single kernels and fused passes on the cases of test/cases: milliseconds (median and median deviation), GFLOP/s
 * and GB/s of operands read and written once. */
import os from 'node:os';
import type { Backend, BackendName } from '../src/backends/backend.ts';
import { bytesPerElement } from '../src/core/dtype.ts';
import { BackendError } from '../src/core/errors.ts';
import { elementCount } from '../src/core/shape.ts';
import { chooseBackend, resolveBackendOptions } from '../src/engine/choose-backend.ts';
import { countFlops } from '../src/graph/lower.ts';
import { definitionOf } from '../src/ops/table.ts';
import { type AnyCase, isOpCase, numbersOf } from '../test/cases/case.ts';
import { families } from '../test/cases/families.ts';
import { type GuardedProgram, graphOf, programOf } from '../test/support/case-program.ts';

/** Each case runs at least so often and so long; the first runs, which warm up, do not count. */
const warmUps = 3;
const leastRuns = 7;
const leastMs = 300;

/** Times the cases whose names contain every part, and prints a table per backend. */
export async function benchKernels(parts: readonly string[]): Promise<void> {
  const cases = (Object.values(families).flat() as AnyCase[]).filter(
    ({ name, bench }) => bench && parts.every((part) => name.includes(part)),
  );
  if (cases.length === 0) {
    console.error(`bench: expected parts of the name of a case marked bench, received ${parts.join(' ')}.`);
    process.exitCode = 2;
    return;
  }
  const forced = resolveBackendOptions().backend;
  const names: readonly BackendName[] = forced ? [forced] : ['native', 'wasm'];
  for (const name of names) await benchOn(name, cases, forced !== undefined);
}

async function benchOn(name: BackendName, cases: readonly AnyCase[], isForced: boolean): Promise<void> {
  let backend: Backend;
  try {
    ({ backend } = await chooseBackend({ backend: name }));
  } catch (error) {
    if (isForced || !(error instanceof BackendError)) throw error;
    console.log(`${name}: not here (${error.message})`);
    return;
  }
  const processor = os.cpus()[0]?.model.trim() ?? 'unknown processor';
  console.log(`${name} ${backend.instructionSet}, ${backend.threads} threads, ${processor}`);
  const width = Math.max(...cases.map((testCase) => testCase.name.length));
  console.log(`${'case'.padEnd(width)}  batch        ms       ±   GFLOP/s    GB/s`);
  for (const testCase of cases) {
    const batch = testCase.bench!.batch;
    // Copies of the inputs, because numbers are kept per input and batch sizes differ here.
    const inputs = testCase.inputs.map((input) => ({ ...input }));
    const { medianMs, deviationMs, bytes } = await time(backend, { ...testCase, inputs, batch });
    const rates = [(flopsOf(testCase) * batch) / medianMs / 1e6, bytes / medianMs / 1e6];
    const columns = [
      testCase.name.padEnd(width),
      String(batch).padStart(5),
      medianMs.toFixed(3).padStart(9),
      deviationMs.toFixed(3).padStart(7),
      rates[0]!.toFixed(1).padStart(9),
      rates[1]!.toFixed(1).padStart(7),
    ];
    console.log(columns.join('  '));
  }
  await backend.close();
}

/** Floating-point operations for one example. */
function flopsOf(testCase: AnyCase): number {
  if (!isOpCase(testCase)) return countFlops(graphOf(testCase));
  const { op, inputs, attributes } = testCase;
  const definition = definitionOf(op);
  return definition.flops?.(inputs, definition.infer(inputs, attributes as never, op), attributes as never) ?? 0;
}

async function time(backend: Backend, testCase: AnyCase) {
  const guarded = programOf(testCase);
  const { program, plan, variableOffsets, variableBytes } = guarded;
  const batch = testCase.batch ?? 1;
  const memory = {
    arena: backend.allocate(plan.bytes),
    variables: backend.allocate(variableBytes),
    scalars: backend.allocate(Math.max(1, program.scalars.length) * 64),
  };
  testCase.inputs.forEach(({ dtype, region }, index) => {
    const name = `input${index}`;
    const offset =
      region === 'arena'
        ? plan.offsets[program.inputs[name]!.buffer]!
        : region === 'variables'
          ? variableOffsets[program.variables.findIndex((variable) => variable.name === name)]!
          : program.scalars.findIndex((scalar) => scalar.name === name) * 64;
    backend.write(memory[region], offset, numbersOf(testCase, index), dtype);
  });
  const loaded = backend.load(program, plan, variableOffsets);
  for (let run = 0; run < warmUps; run++) await backend.run(loaded, memory, batch);
  const samples: number[] = [];
  const start = performance.now();
  while (samples.length < leastRuns || performance.now() - start < leastMs) {
    const before = performance.now();
    await backend.run(loaded, memory, batch);
    samples.push(performance.now() - before);
  }
  const medianMs = median(samples);
  return {
    medianMs,
    deviationMs: median(samples.map((ms) => Math.abs(ms - medianMs))),
    bytes: bytesMoved(guarded, batch),
  };
}

function median(samples: readonly number[]): number {
  return [...samples].sort((a, b) => a - b)[samples.length >> 1]!;
}

/** Bytes of all operands of all instructions: what must pass through memory at least once. */
function bytesMoved({ program }: GuardedProgram, batch: number): number {
  return program.instructions
    .flatMap(({ inputs, outputs }) => [...inputs, ...outputs])
    .reduce((total, { shape, dtype }) => total + elementCount(shape, batch) * bytesPerElement(dtype), 0);
}
