// Protects: which numbers, at which steps and under which names TensorBoard finds, against a real training of Keras.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { tensor } from '../../../src/core/tensor.ts';
import { crc32c } from '../../../src/formats/tensorboard-events.ts';
import { sequential } from '../../../src/model/model.ts';
import { layers } from '../../../src/nn/layers/table.ts';
import { type TensorBoardOptions, tensorBoard } from '../../../src/training/callbacks/tensor-board.ts';
import { temporaryFolder } from '../../runs/temporary-folder.ts';
import { golden } from './golden.ts';

type Field = { readonly field: number; readonly bytes: Buffer; readonly number: number };

/** The fields of a Protocol Buffers message. */
function fieldsOf(bytes: Buffer): Field[] {
  const fields: Field[] = [];
  let offset = 0;
  const varint = () => {
    let [value, scale] = [0, 1];
    for (; bytes[offset]! >= 128; scale *= 128) value += (bytes[offset++]! - 128) * scale;
    return value + bytes[offset++]! * scale;
  };
  while (offset < bytes.length) {
    const key = varint();
    const [field, wireType] = [Math.floor(key / 8), key % 8];
    const number = wireType === 0 || wireType === 2 ? varint() : 0;
    const length = { 0: 0, 1: 8, 2: number, 5: 4 }[wireType]!;
    fields.push({ field, number, bytes: bytes.subarray(offset, offset + length) });
    offset += length;
  }
  return fields;
}

/** Numbers by tag and step in the one event file of a folder, whose lengths and checksums must be right. */
function readEvents(folder: string): Record<string, Record<string, number>> {
  const [name, ...others] = readdirSync(folder);
  assert.deepEqual(others, []);
  assert.match(name!, /^events\.out\.tfevents\.\d{10}\..+\.v2$/);
  const file = readFileSync(path.join(folder, name!));
  const seen: Record<string, Record<string, number>> = {};
  for (let offset = 0; offset < file.length; ) {
    const length = Number(file.readBigUInt64LE(offset));
    const content = file.subarray(offset + 12, offset + 12 + length);
    const masked = (file.readUInt32LE(offset + 12 + length) - 0xa282ead8) >>> 0;
    assert.equal(((masked << 15) | (masked >>> 17)) >>> 0, crc32c(content));
    offset += 16 + length;
    const event = fieldsOf(content);
    const step = event.find(({ field }) => field === 2)?.number ?? 0;
    for (const { bytes } of event.filter(({ field }) => field === 5)) {
      for (const value of fieldsOf(bytes)) {
        const parts = fieldsOf(value.bytes);
        const tag = parts.find(({ field }) => field === 1)!.bytes.toString();
        seen[tag] ??= {};
        seen[tag][step] = parts.find(({ field }) => field === 2)?.bytes.readFloatLE() ?? Number.NaN;
      }
    }
  }
  return seen;
}

const x = tensor([
  [1, 1],
  [1, 1],
  [1, 1],
]);
const y = tensor([[1], [1], [1]]);

function train(options: TensorBoardOptions, isValidated = true) {
  const model = sequential([layers.dense({ units: 1 })], { backend: 'reference' });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics: ['accuracy'] });
  const validation = isValidated ? { validationData: [x, y] as const } : {};
  return model.fit(x, y, { batchSize: 1, epochs: 2, ...validation, callbacks: [tensorBoard(options)] });
}

describe('tensorBoard', () => {
  it('writes Keras’s tags at Keras’s steps, with the numbers of the history', async (context) => {
    for (const { options, train: own, validation } of golden.tensorBoard) {
      const logDir = temporaryFolder(context);
      const { history } = await train({ logDir, ...options });
      const events = {
        train: readEvents(path.join(logDir, 'train')),
        validation: readEvents(path.join(logDir, 'validation')),
      };
      for (const [part, expected] of Object.entries({ train: own, validation })) {
        const steps = Object.entries(events[part as keyof typeof events]).map(([tag, values]) => [
          tag,
          Object.keys(values).map(Number),
        ]);
        assert.deepEqual(Object.fromEntries(steps), expected, JSON.stringify(options));
      }
      assert.equal(events.train['epoch_loss']![1], Math.fround(history['loss']![1]!));
      assert.equal(events.validation['epoch_loss']![0], Math.fround(history['val_loss']![0]!));
      assert.equal(events.validation['evaluation_loss_vs_iterations']![6], Math.fround(history['val_loss']![1]!));
      assert.equal(events.train['epoch_learning_rate']![0], Math.fround(0.01));
    }
  });

  it('leaves no file for a validation that there is not', async (context) => {
    const logDir = temporaryFolder(context);
    await train({ logDir }, false);
    assert.ok(existsSync(path.join(logDir, 'train')));
    assert.ok(!existsSync(path.join(logDir, 'validation')));
  });

  it('refuses options that are none of it', () => {
    assert.throws(
      () => tensorBoard({ logdir: 'x' } as never),
      /^OptionError: tensorBoard: unknown option "logdir"\. Did you mean "logDir"\?/,
    );
    assert.throws(
      () => tensorBoard({ updateFreq: 0.5 }),
      /^OptionError: tensorBoard: updateFreq, where it is not 'epoch' or 'batch', must be a whole number of at least 1/,
    );
  });
});
