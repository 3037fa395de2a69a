/** TF.js as its users run it in Node: `trainOnBatch`, `fit` and `predictOnBatch`. Variant: the backend, `cpu` or `wasm`. */
import path from 'node:path';
import {
  examples,
  inputs,
  labels,
  load,
  network,
  oneHot,
  packages,
  threads,
  variant,
  versionOf,
  workload,
} from './protocol.mjs';
import { serve } from './serve.mjs';

const tf = await load('@tensorflow/tfjs');
if (variant === 'wasm') {
  const { setThreadsCount, setWasmPaths } = await load('@tensorflow/tfjs-backend-wasm');
  setThreadsCount(threads);
  setWasmPaths(`${path.join(packages, '@tensorflow/tfjs-backend-wasm/dist')}/`);
}
if (!(await tf.setBackend(variant))) throw new Error(`TF.js: its backend ${variant} did not start.`);
await tf.ready();

const { kind, batch, epochs, classes } = workload;
const made = {
  conv: (filters, padding) => tf.layers.conv2d({ filters, kernelSize: 3, padding, activation: 'relu', ...first() }),
  pool: () => tf.layers.maxPooling2d({ poolSize: 2 }),
  flatten: () => tf.layers.flatten(),
  dense: (units, activation) => tf.layers.dense({ units, activation, ...first() }),
  dropout: (rate) => tf.layers.dropout({ rate }),
};
const model = tf.sequential();
const first = () => (model.layers.length === 0 ? { inputShape: network.input } : {});
for (const [name, ...options] of network.layers) model.add(made[name](...options));

const x = tf.tensor(inputs(), [examples, ...network.input]);
if (kind !== 'predict') {
  const loss = kind === 'fit' ? 'sparseCategoricalCrossentropy' : 'categoricalCrossentropy';
  model.compile({ optimizer: workload.optimizer, loss, metrics: ['accuracy'] });
}
const y =
  kind === 'fit'
    ? tf.tensor1d(Float32Array.from(labels()))
    : kind === 'train' && tf.tensor(oneHot(), [examples, classes]);
const steps = {
  train: async () => (await model.trainOnBatch(x, y))[0],
  fit: async () => (await model.fit(x, y, { batchSize: batch, epochs, verbose: 0 })).history.loss.at(-1),
  predict: async () => {
    const predictions = model.predictOnBatch(x);
    await predictions.data();
    predictions.dispose();
  },
};
await serve({ engine: `TF.js ${versionOf('@tensorflow/tfjs')} ${variant}` }, steps[kind]);
