// Protects: the picture of a model: a box per layer, an arrow per value, models within as boxes or drawn out, and text that
// cannot break the page.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DOMParser } from 'linkedom';
import { model, sequential } from '../../src/model/model.ts';
import { plotModel } from '../../src/model/plot-model.ts';
import { layers } from '../../src/nn/layers/table.ts';

const { input, dense, add } = layers;

function branched() {
  const x = input({ shape: [4], name: 'x' });
  const inner = sequential([input({ shape: [4] }), dense({ units: 4, name: 'a' }), dense({ units: 4, name: 'b' })], {
    name: 'inner',
  });
  const sum = add({ name: 'sum' })([x, inner(x)]);
  return model({ inputs: x, outputs: [dense({ units: 2, name: 'one' })(sum), dense({ units: 1, name: 'two' })(sum)] });
}

async function drawn(options?: Parameters<typeof plotModel>[1]) {
  const text = await plotModel(branched(), options);
  const page = new DOMParser().parseFromString(text, 'image/svg+xml');
  const count = (selector: string) => page.querySelectorAll(selector).length;
  return { text, count };
}

test('has a box for each layer and an arrow for each value', async () => {
  const { count, text } = await drawn();
  assert.equal(count('rect.box'), 5);
  assert.equal(count('path.arrow'), 5);
  assert.match(text, />inner · Sequential</);
  assert.match(text, />40 parameters</);
});

test('draws models within, and leaves shapes out', async () => {
  const { count } = await drawn({ expandNested: true });
  assert.equal(count('rect.box'), 6);
  assert.equal(count('rect.group'), 1);
  assert.equal(count('path.arrow'), 6);
  assert.doesNotMatch((await drawn({ showShapes: false })).text, /None/);
});

test('goes down or to the right', async () => {
  const size = async (direction: 'vertical' | 'horizontal') => {
    const [, width, height] = /width="([\d.]+)" height="([\d.]+)"/.exec((await drawn({ direction })).text)!;
    return Number(width) / Number(height);
  };
  assert.ok((await size('horizontal')) > 1 && (await size('vertical')) < 1);
  await assert.rejects(
    drawn({ direction: 'down' as never }),
    /^OptionError: plotModel: unknown direction "down"\. Choose from vertical, horizontal\./,
  );
  await assert.rejects(drawn({ showShape: true } as never), /^OptionError: plotModel: unknown option "showShape"/);
});
