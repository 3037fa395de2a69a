// Protects: what a training prints with `verbose`: Keras's lines, drawn again on a terminal alone.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tensor } from '../../../src/core/tensor.ts';
import { sequential } from '../../../src/model/model.ts';
import { layers } from '../../../src/nn/layers/table.ts';
import type { Callback } from '../../../src/training/callbacks/callback.ts';
import { type FitVerbosity, progbarLogger } from '../../../src/training/callbacks/progbar-logger.ts';

const x = tensor([[1], [2], [3], [4]]);
const y = tensor([[2], [4], [6], [8]]);

function line() {
  const model = sequential([layers.dense({ units: 1 })], { backend: 'reference' });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics: ['accuracy'] });
  return model;
}

function printed(canRedraw = false) {
  const pieces: string[] = [];
  return {
    text: () => pieces.join(''),
    output: { canRedraw, hasColour: false, columns: 120, write: (text: string) => void pieces.push(text) },
  };
}

async function fit(verbose: FitVerbosity, canRedraw = false, callbacks: Callback[] = [], epochs = 2) {
  const { text, output } = printed(canRedraw);
  const options = { epochs, batchSize: 2, validationData: [x, y] as const };
  await line().fit(x, y, { ...options, callbacks: [...callbacks, progbarLogger({ verbose, output })] });
  return text();
}

const logs = ' - accuracy: \\d\\.\\d{4} - loss: \\d+\\.\\d{4} - val_accuracy: \\d\\.\\d{4} - val_loss: \\d+\\.\\d{4}';
const time = '\\d+s \\d+[mu]s\\/step';

describe('progbarLogger', () => {
  it('prints a title and a bar for each epoch, with the numbers of the validation', async () => {
    const end = `2\\/2 ━{20} ${time}${logs}\\n`;
    assert.match(await fit(1), new RegExp(`^Epoch 1\\/2\\n${end}Epoch 2\\/2\\n${end}$`));
    assert.match(await fit(1, false, [], 1), new RegExp(`^${end}$`));
  });

  it('draws the bar again on a terminal', async () => {
    const text = await fit(1, true, [], 1);
    const [before, first, ...later] = text.split('\r\u001b[K');
    assert.equal(before, '');
    assert.match(first!, /^1\/2 ━{10}╺─{9} .* - loss: \d/);
    assert.match(later.at(-1)!, new RegExp(`^2\\/2 ━{20} ${time}${logs}\\n$`));
  });

  it('prints a line for each epoch, or nothing', async () => {
    const text = await fit(2);
    assert.match(text, new RegExp(`^Epoch 1\\/2\\n2\\/2 - \\d+s - \\d+[mu]s\\/step${logs}\\nEpoch 2\\/2\\n`));
    assert.equal(await fit(0), '');
  });

  it('ends the line of an epoch that was stopped', async () => {
    const stop: Callback = { onTrainBatchEnd: (_, __, training) => training.stop('enough') };
    assert.match(await fit(2, false, [stop]), /^Epoch 1\/2\n1\/2 - .* - loss: \d+\.\d+\n$/);
  });

  it('shows an evaluation', async () => {
    const { text, output } = printed();
    await line().evaluate(x, y, { batchSize: 2, callbacks: [progbarLogger({ output })] });
    assert.match(text(), /^2\/2 ━{20} .* - accuracy: .* - loss: \d+\.\d+\n$/);
  });

  it('is what `verbose` of fit adds, to standard output; by default nothing is printed', async (context) => {
    // The test runner writes there too.
    const write = process.stdout.write.bind(process.stdout);
    const texts: string[] = [];
    context.mock.method(process.stdout, 'write', (...written: Parameters<typeof write>) => {
      if (!String(written[0]).includes('/step')) return write(...written);
      texts.push(String(written[0]));
      return true;
    });
    await line().fit(x, y);
    assert.deepEqual(texts, []);
    await line().fit(x, y, { verbose: 2 });
    assert.match(texts.join(''), /^1\/1 - \d+s - .* - loss: \d+\.\d+\n$/);
    await assert.rejects(
      line().fit(x, y, { verbose: 3 as never }),
      /^OptionError: progbarLogger: verbose must be a whole number of at least 0 and of at most 2, received 3\./,
    );
  });
});
