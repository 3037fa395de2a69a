/** Protects the native backend: its threads, its memory, its refusals, and that nothing dropped, ended or terminated in
 * the middle of a step brings the process down. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import { findAddon } from '../../src/backends/native/addon.ts';
import { nativeAvailability, openNativeBackend } from '../../src/backends/native/index.ts';
import { planMemory } from '../../src/graph/memory-plan.ts';
import { encodeProgram } from '../../src/graph/program-words.ts';
import { elementwiseNames } from '../../src/ops/elementwise.ts';
import { describeBackend } from '../native/backend-contract.ts';
import { collectUntil } from '../native/garbage.ts';
import { elementwiseProgram, prepare, productProgram } from '../native/programs.ts';

const { available, instructionSets, reasons } = nativeAvailability();
const skip = available ? false : `no native addon: ${reasons.join('; ')}`;

const shape = [1 << 20];
const longProgram = elementwiseProgram([{ op: 'tanh', target: 1, a: 0 }], [[shape]], [[shape]], { repeats: 100 });

if (available) describeBackend('native', (threads) => openNativeBackend({ threads }));

describe('native backend in Node', { skip }, () => {
  it('opens each instruction set by name, and the best one by itself', async () => {
    for (const instructionSet of instructionSets) {
      const backend = await openNativeBackend({ instructionSet, threads: 1 });
      assert.equal(backend.instructionSet, instructionSet);
      assert.match(backend.binaryHash, /^[0-9a-f]{64}$/);
      await backend.close();
    }
    const backend = await openNativeBackend();
    assert.equal(backend.instructionSet, process.env.CAJAL_ISA || instructionSets.at(-1));
    await backend.close();
  });

  it('names what can be asked for where something else was', async () => {
    await assert.rejects(openNativeBackend({ instructionSet: 'avx1024' }), {
      name: 'BackendError',
      message:
        'native backend: expected an instruction set of this machine, received "avx1024". ' +
        `Choose from ${instructionSets.join(', ')}.`,
    });
    await assert.rejects(openNativeBackend({ threads: 0 }), {
      name: 'OptionError',
      message: 'native backend: threads must be a whole number of at least 1 and of at most 128, received 0.',
    });
  });

  it('says so where the system has not enough memory', async () => {
    const backend = await openNativeBackend({ threads: 1 });
    assert.throws(() => backend.allocate(2 ** 50), {
      name: 'BackendError',
      message:
        /^native backend: expected that the system has 1125899906842624 bytes .* refused \(\d+ MiB are free\)\. Use/,
    });
    await backend.close();
  });

  it('frees memory that nobody refers to, and lets V8 know how much that is', async () => {
    const backend = await openNativeBackend({ threads: 1 });
    const before = process.memoryUsage.rss();
    const megabyte = new Uint8Array(1 << 20).fill(1);
    let most = 0;
    // Without a word to V8 it would see no reason to collect these few small objects.
    const fill = (): void => {
      const memory = backend.allocate(64 << 20);
      for (let offset = 0; offset < memory.bytes; offset += 1 << 20) backend.write(memory, offset, megabyte, 'uint8');
    };
    for (let round = 0; round < 40; round++) {
      fill();
      most = Math.max(most, process.memoryUsage.rss() - before);
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.ok(most > 60 << 20 && most < 1024 << 20, `${most / 2 ** 20} MiB of 2560 at once`);
    const isFreed = await collectUntil(() => process.memoryUsage.rss() - before < 32 << 20);
    assert.ok(isFreed, `${(process.memoryUsage.rss() - before) / 2 ** 20} MiB are left`);
    await backend.close();
  });

  it('finishes a step whose program, memory and backend were dropped', async () => {
    let isDone = false;
    const start = async (): Promise<void> => {
      const backend = await openNativeBackend({ threads: 2 });
      prepare(backend, longProgram)
        .run()
        .then(() => {
          isDone = true;
        });
    };
    await start();
    assert.ok(await collectUntil(() => isDone), 'the step ends while everything it uses is garbage');
  });

  it('works in worker threads, and survives their end in mid-step', async () => {
    const words = encodeProgram(longProgram, planMemory(longProgram, 1), []);
    const { bytes } = planMemory(longProgram, 1);
    const script = `
      const { parentPort, workerData: { file, words, bytes } } = require('node:worker_threads');
      const addon = require(file);
      const engine = addon.createEngine('${instructionSets[0]}', 2);
      const [program] = addon.load(engine, words, 1);
      const [arena, rest] = [addon.allocate(bytes), addon.allocate(64)];
      parentPort.on('message', () => {
        addon.run(engine, program, arena, rest, rest, 1, false).then(() => parentPort.postMessage('ran'));
        parentPort.postMessage('runs');
      });
    `;
    const workerData = { file: findAddon().file, words, bytes };
    const startWorker = () => new Worker(script, { eval: true, workerData, execArgv: [] });
    const message = (worker: Worker, wanted: string) =>
      new Promise<void>((resolve, reject) => {
        worker.on('message', (text) => text === wanted && resolve());
        worker.on('error', reject);
      });
    const [patient, ended] = [startWorker(), startWorker()];
    const ran = message(patient, 'ran');
    const runs = message(ended, 'runs');
    patient.postMessage('run');
    ended.postMessage('run');
    await runs;
    await ended.terminate();
    await ran;
    await patient.terminate();
  });

  it('refuses words that are not a program, whatever is wrong with them', () => {
    const random = elementwiseNames.indexOf('randomUniform');
    const { addon } = findAddon();
    const engine = addon!.createEngine(instructionSets[0]!, 1);
    const small = elementwiseProgram([{ op: 'add', target: 2, a: 0, b: 1 }], [[[4]], [[4]]], [[[4]]]);
    const good = encodeProgram(small, planMemory(small, 1), []);
    assert.equal(addon!.load(engine, good, 1).length, 2);
    const [operand, code] = [8, 38];
    const damages: [at: number, value: number, reason: string][] = [
      [0, 1, 'is not a program'],
      [1, 99, 'is of another version'],
      [2, -1, 'has a negative number of instructions'],
      [2, 2, 'is cut off'],
      [2, 0, 'has words after its end'],
      [3, 7, 'has the wrong length'],
      [4, 1, 'has no kernel in this build'],
      [4, 1000, 'has no kernel in this build'],
      [5, 500, 'has too few or too many operands'],
      [6, 0, 'has too few or too many operands'],
      [7, -1, 'has the wrong length'],
      [operand, 3, 'names an unknown region of memory'],
      [operand + 1, 5, 'has an operand of a dtype without kernels'],
      [operand + 2, -1, 'has an operand at a negative place'],
      [operand + 3, 7, 'has an operand of too many axes'],
      [operand + 4, 0, 'has an operand of an impossible shape'],
      [operand + 5, 2, 'has an operand of an impossible shape'],
      [operand + 4, 3, 'has operands that do not broadcast to its first output'],
      [operand + 21, 1, 'writes a dtype other than float32'],
      [code, -1, 'has negative counts or no steps'],
      [code + 1, 1, 'has code of the wrong length'],
      [code + 3, 99, 'has an unknown step'],
      [code + 4, 0, 'writes a register that is not to be written'],
      [code + 5, 3, 'reads an unknown register'],
      [code + 3, random, 'draws random numbers without int32 seed and step'],
    ];
    // x [batch, 3] and dy [batch, 2] with w [3, 2]: three inputs, an output, three words of the product, then code.
    const update = productProgram([{ op: 'subtract', target: 2, a: 1, b: 0 }]);
    const goodProduct = encodeProgram(update, planMemory(update, 2), []);
    assert.equal(addon!.load(engine, goodProduct, 2).length, 2);
    const [x, dy, w, y, product] = [8, 18, 28, 38, 48];
    const productDamages: typeof damages = [
      [x, 3, 'names an unknown region of memory'],
      [x + 1, 1, 'has a product of other things than float32 matrices'],
      [dy + 1, 2, 'has a product of other things than float32 matrices'],
      [dy + 3, 3, 'has a product of other things than float32 matrices'],
      [y + 3, 3, 'has a product of other things than float32 matrices'],
      [x + 4, 2, 'has a product of matrices that do not fit'],
      [x + 5, 4, 'has a product of matrices that do not fit'],
      [dy + 5, 4, 'has a product of matrices that do not fit'],
      [y + 4, 4, 'has a product of matrices that do not fit'],
      [y + 4, -1, 'has a product of matrices that do not fit'],
      [w + 4, 4, 'has operands that do not broadcast to its first output'],
      [product, 0, 'has a product other than of a transposed and a plain matrix'],
      [product + 1, 1, 'has a product other than of a transposed and a plain matrix'],
      [product + 2, 1, 'has a product other than of a transposed and a plain matrix'],
      [product + 3, -1, 'has negative counts or no steps'],
      [product + 4, 1, 'has code of the wrong length'],
      [product + 6, 99, 'has an unknown step'],
      [product + 7, 1, 'writes a register that is not to be written'],
      [product + 8, 3, 'reads an unknown register'],
      [product + 6, random, 'draws random numbers beside a product'],
    ];
    for (const [at, value, reason] of damages) {
      const words = good.slice();
      words[at] = value;
      const answer = addon!.load(engine, words, 1);
      assert.equal(answer[2], reason, `word ${at} set to ${value}`);
    }
    for (const [at, value, reason] of productDamages) {
      const words = goodProduct.slice();
      words[at] = value;
      assert.equal(addon!.load(engine, words, 2)[2], reason, `word ${at} of a product set to ${value}`);
    }
    assert.equal(addon!.load(engine, good.subarray(0, 2), 1)[2], 'is not a program');
    assert.equal(addon!.load(engine, good, 0)[2], 'has no room for a batch');
    addon!.closeEngine(engine);
  });
});
