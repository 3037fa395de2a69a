// Protects: metrics are Keras's (and scikit-learn's), over batches of unequal sizes, with weights and without; and what a
// user may give for a metric.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it, test } from 'node:test';
import { tensor } from '../../src/core/tensor.ts';
import { layers } from '../../src/nn/layers/table.ts';
import { lossNames } from '../../src/nn/losses/table.ts';
import { confusionMatrix } from '../../src/nn/metrics/confusion-matrix.ts';
import type { Metric } from '../../src/nn/metrics/metric.ts';
import { checkMetric, metricNames, metricOf, metrics, metricsOf } from '../../src/nn/metrics/table.ts';
import { Network } from '../../src/nn/network.ts';
import { resolveCompileOptions } from '../../src/training/compile-options.ts';
import { EpochMeans } from '../../src/training/epoch-means.ts';

interface Batch {
  readonly targets: readonly (readonly number[])[];
  readonly predictions: readonly (readonly number[])[];
  readonly weights: readonly number[];
}

interface MetricGolden {
  readonly metric: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly data: string;
  readonly weighted: boolean;
  readonly result: number | readonly number[];
}

interface Golden {
  readonly keras: string;
  readonly data: Readonly<Record<string, readonly Batch[]>>;
  readonly metrics: readonly MetricGolden[];
}

const golden: Golden = JSON.parse(readFileSync(new URL('../golden/metrics.json', import.meta.url), 'utf8'));

function count(metric: Metric, batches: readonly Batch[], weighted: boolean): number | readonly number[] {
  for (const { targets, predictions, weights } of batches) {
    metric.update(tensor(targets), tensor(predictions), weighted ? Float32Array.from(weights) : undefined);
  }
  return metric.result();
}

test(`${golden.metrics.length} results as Keras ${golden.keras}`, () => {
  for (const { metric: name, options, data, weighted, result } of golden.metrics) {
    const batches = golden.data[data]!;
    const metric = metricOf('test', { name, config: options }, [-1, batches[0]!.predictions[0]!.length]);
    // A second epoch begins at nothing again.
    count(metric, batches.slice(1), true);
    metric.reset();
    const actual = [count(metric, batches, weighted)].flat();
    const expected = [result].flat();
    const what = `${name} ${JSON.stringify(options)} of ${data}${weighted ? ', weighted' : ''}`;
    assert.equal(actual.length, expected.length, what);
    actual.forEach((value, place) => {
      const allowed = 2e-6 * Math.max(1, Math.abs(expected[place]!));
      assert.ok(Math.abs(value - expected[place]!) <= allowed, `${what}: ${actual} instead of ${expected}`);
    });
  }
});

test('every metric has goldens, as itself or as a loss', () => {
  const covered = new Set([...golden.metrics.map(({ metric }) => metric), ...lossNames, 'accuracy']);
  assert.deepEqual(
    [...metricNames].filter((name) => !covered.has(name)),
    [],
  );
});

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

  it('choose the form of accuracy by the output’s shape', () => {
    const single = metricOf('test', 'accuracy', [-1, 1]);
    single.update(tensor([[1], [1]]), tensor([[0.7], [0.2]]));
    assert.equal(single.result(), 0.5);
    const many = metricOf('test', 'accuracy', [-1, 3]);
    many.update(targets, predictions);
    assert.equal(many.result(), 1 / 3);
    for (const metric of [single, many]) assert.equal(metric.name, 'accuracy');
  });

  it('take the places of a sequence for rows, each with its example’s weight', () => {
    const shape = [2, 2, 2];
    const sequence = tensor(Float32Array.of(1, 0, 1, 0, 1, 0, 1, 0), shape);
    const answers = tensor(Float32Array.of(1, 0, 0, 1, 1, 0, 1, 0), shape);
    const metric = metricOf('test', 'accuracy', [-1, 2, 2]);
    metric.update(sequence, answers);
    assert.equal(metric.result(), 3 / 4);
    metric.reset();
    metric.update(sequence, answers, Float32Array.of(3, 1));
    assert.equal(metric.result(), 5 / 8);
  });

  it('are 0 before they have counted anything', () => {
    for (const name of metricNames) {
      for (const value of [metricOf('test', name, [-1, 3]).result()].flat()) assert.ok(Math.abs(value) === 0, name);
    }
  });

  it('are named as they are asked for, and each is made anew', () => {
    for (const name of metricNames) {
      assert.equal(metricOf('test', name, [-1, 3]).name, name);
      assert.notEqual(metricOf('test', name, [-1, 3]), metricOf('test', name, [-1, 3]));
    }
    assert.equal(metricOf('test', metrics.auc({ curve: 'PR', name: 'prAuc' }), [-1, 3]).name, 'prAuc');
    assert.equal(metricOf('test', 'mse', [-1, 3]).name, 'meanSquaredError');
    assert.equal(metricOf('test', 'acc', [-1, 3]).name, 'accuracy');
    assert.equal(metricOf('test', 'mse', [-1, 3]).direction, 'down');
    assert.equal(metricOf('test', 'recall', [-1, 3]).direction, 'up');
    const names = metricsOf('test', ['auc', metrics.auc({ curve: 'PR' })], ['auc', 'recall'], [-1, 3]);
    assert.deepEqual(
      names.map(({ name }) => name),
      ['auc', 'auc_1', 'weighted_auc', 'recall'],
    );
  });

  it('may be functions of a batch, whose mean over examples is taken', () => {
    const widest = (_: unknown, { data }: { data: ArrayLike<number> }) => Math.max(...Array.from(data));
    const metric = metricOf('test', widest, [-1, 1]);
    assert.equal(metric.name, 'widest');
    metric.update(tensor([[0], [0], [0]]), tensor([[1], [2], [3]]));
    metric.update(tensor([[0]]), tensor([[7]]));
    assert.equal(metric.result(), (3 * 3 + 7) / 4);
    metric.update(tensor([[0]]), tensor([[1]]), Float32Array.of(4));
    assert.equal(metric.result(), (3 * 3 + 7 + 4) / 8);
    metric.reset();
    assert.equal(metric.result(), 0);
  });

  it('may be functions that make a counter', () => {
    const batches = () => {
      let seen = 0;
      return {
        name: 'batches',
        reset: () => {
          seen = 0;
        },
        update: () => {
          seen++;
        },
        result: () => seen,
      };
    };
    const metric = metricOf('test', batches, [-1, 1]);
    assert.equal(count(metric, golden.data['single']!, false), 3);
  });
});

describe('logs', () => {
  it('hold a number for each class or threshold, and weights for weighted metrics only', () => {
    const { metrics: make } = resolveCompileOptions({
      loss: 'mse',
      metrics: ['accuracy', metrics.recall({ thresholds: [0.1, 0.5] })],
      weightedMetrics: ['accuracy'],
    });
    const means = new EpochMeans(make(Network.sequential([layers.dense({ units: 3 })], [2])));
    means.add({ loss: 2, targets, predictions, sampleWeights: Float32Array.of(3, 1, 0) });
    assert.deepEqual(means.logs(), {
      loss: 2,
      accuracy: 1 / 3,
      recall_0: 1,
      recall_1: 1 / 3,
      weighted_accuracy: 3 / 4,
    });
  });
});

test('a confusion matrix is counted of tensors as of class numbers', () => {
  const expected = [
    [1, 0, 0],
    [1, 0, 0],
    [1, 0, 0],
  ];
  assert.deepEqual(confusionMatrix(targets, predictions, 3), expected);
  assert.deepEqual(confusionMatrix(tensor([[0], [1], [2]]), [0, 0, 0], 3), expected);
});

describe('wrong metrics', () => {
  const refuses = (given: unknown, message: RegExp | string, shape = [-1, 3]) =>
    assert.throws(() => metricOf('compile', given, shape), { name: 'OptionError', message });

  it('are told with what would do', () => {
    refuses('acuracy', /^compile: unknown metric "acuracy"\. Did you mean "accuracy"\?/);
    refuses('f1_score', /Did you mean "f1Score"\?/);
    refuses(3, /^compile: expected metric as a name, a name with options or a function, received 3/);
    assert.throws(
      () => metrics.precision({ treshold: 1 } as never),
      /unknown option "treshold"\. Did you mean "thresholds"/,
    );
    assert.throws(() => checkMetric('compile', metrics.auc({ name: '' })), {
      message: 'compile: auc: name must be a text, received "".',
    });
  });

  it('have options out of range', () => {
    const throws = (body: () => unknown, message: RegExp) => assert.throws(body, message);
    throws(() => metrics.binaryAccuracy({ threshold: 2 }), /threshold must be .* received 2/);
    throws(() => metrics.topKCategoricalAccuracy({ k: 0 }), /k must be a whole number of at least 1, received 0/);
    throws(() => metrics.precision({ thresholds: 2 }), /thresholds must be .* received 2/);
    throws(
      () => metrics.precision({ thresholds: [] }),
      /precision: thresholds must be a number from 0 to 1 or a list of them, received \[\]/,
    );
    throws(() => metrics.recall({ topK: 0 }), /topK must be/);
    throws(() => metrics.recall({ classId: -1 }), /classId must be/);
    refuses(metrics.recall({ classId: 3 }), /classId must be a number of at most 2, received 3/);
    throws(
      () => metrics.f1Score({ average: 'mean' as 'macro' }),
      /f1Score: average must be micro, macro, weighted or null, received "mean"/,
    );
    throws(() => metrics.f1Score({ threshold: 0 }), /threshold must be/);
    throws(() => metrics.fBetaScore({ beta: 0 }), /beta must be a number above 0/);
    throws(() => metrics.auc({ numThresholds: 1 }), /numThresholds must be a whole number of at least 2/);
    throws(() => metrics.auc({ curve: 'roc' as 'ROC' }), /auc: curve must be one of ROC, PR, received "roc"/);
    refuses(metrics.auc({ labelWeights: [1] }), /expected 3 labelWeights, one for each output, received 1/);
    throws(
      () => metrics.cohenKappa({ weights: 'cubic' as 'linear' }),
      /cohenKappa: weights must be linear, quadratic or null, received "cubic"/,
    );
    throws(() => metrics.expectedCalibrationError({ bins: 0 }), /bins must be/);
  });

  it('are functions that make no metric, or no number', () => {
    refuses(function broken() {
      return {};
    }, 'compile: metric broken: expected a function of (targets, predictions), or one without parameters that makes ' +
      '{ name, reset, update, result }, received one that makes object.');
    const words = metricOf('compile', (_: unknown, __: unknown) => 'much', [-1, 1]);
    assert.throws(() => words.update(tensor([[0]]), tensor([[0]])), {
      name: 'OptionError',
      message:
        'compile: metric metric: expected a number for each batch, received string. Return the mean over the batch.',
    });
  });
});
