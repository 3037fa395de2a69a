// Protects: accuracy in its Keras forms, over batches of different sizes and with weights.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tensor } from '../../src/core/tensor.ts';
import { metricNames, metricOf } from '../../src/nn/metrics/table.ts';

const targets = tensor([
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
]);
const predictions = tensor([
  [0.6, 0.3, 0.1],
  [0.6, 0.4, 0],
  [0.2, 0.2, 0.2],
]);

describe('metrics', () => {
  it('count the largest output; the first one at equal values', () => {
    const metric = metricOf('test', 'categoricalAccuracy', [-1, 3]);
    metric.update(targets, predictions);
    assert.equal(metric.result(), 1 / 3);
    metric.update(tensor([[0, 1, 0]]), tensor([[0, 1, 0]]));
    assert.equal(metric.result(), 2 / 4);
    metric.reset();
    assert.equal(metric.result(), 0);
  });

  it('count each output by itself in the binary form, exactly 0.5 as no', () => {
    const metric = metricOf('test', 'binaryAccuracy', [-1, 3]);
    metric.update(targets, predictions);
    assert.ok(Math.abs(metric.result() - (3 + 1 + 2) / 9) < 1e-12);
    const one = metricOf('test', 'binaryAccuracy', [-1, 1]);
    one.update(tensor([[1], [0]]), tensor([[0.5], [0.5]]));
    assert.equal(one.result(), 0.5);
  });

  it('choose the form of accuracy by the output’s shape', () => {
    const names = { 1: 0.5, 3: 1 / 3 };
    const single = metricOf('test', 'accuracy', [-1, 1]);
    single.update(tensor([[1], [1]]), tensor([[0.7], [0.2]]));
    assert.equal(single.result(), names[1]);
    const many = metricOf('test', 'accuracy', [-1, 3]);
    many.update(targets, predictions);
    assert.equal(many.result(), names[3]);
    for (const metric of [single, many]) assert.equal(metric.name, 'accuracy');
  });

  it('weigh examples where weights are given', () => {
    const metric = metricOf('test', 'sparseCategoricalAccuracy', [-1, 3]);
    metric.update(targets, predictions, Float32Array.of(3, 1, 0));
    assert.equal(metric.result(), 3 / 4);
  });

  it('are named as they are asked for, and each is made anew', () => {
    for (const name of metricNames) {
      assert.equal(metricOf('test', name, [-1, 3]).name, name);
      assert.notEqual(metricOf('test', name, [-1, 3]), metricOf('test', name, [-1, 3]));
    }
    assert.throws(
      () => metricOf('compile', 'acuracy', [-1, 3]),
      /^OptionError: compile: unknown metric "acuracy"\. Did you mean "accuracy"\?/,
    );
  });
});
