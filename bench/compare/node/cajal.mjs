/** cajal as its users run it, from `dist/`: `trainOnBatch`, `fit`, `predict`. Variant: a backend, then perhaps `engine` (the
 * compiled program alone, without `predict` around it) or `bytes` (pictures as bytes, rescaled by the network). */
import { readFileSync } from 'node:fs';
import { instructionCost } from '../../../dist/graph/instruction-cost.js';
import { layers, sequential, tensor } from '../../../dist/index.js';
import { layersOf } from './layers-of.mjs';
import { inputBytes, inputs, labels, network, oneHot, threads, variant, workload } from './protocol.mjs';
import { serve } from './serve.mjs';

const [backend = '', way] = variant.split(' ');
const { kind, batch, epochs } = workload;

const model = sequential(
  [
    layers.input({ shape: network.input }),
    ...(way === 'bytes' ? [layers.rescaling({ scale: 1 / 255 })] : []),
    ...layersOf(network, layers),
  ],
  { backend, threads },
);
const numbers = way === 'bytes' ? inputBytes() : inputs();
const x = tensor(numbers, [numbers.length / network.input.reduce((a, b) => a * b, 1), ...network.input]);

if (kind !== 'predict') {
  const loss = kind === 'fit' ? 'sparseCategoricalCrossentropy' : 'categoricalCrossentropy';
  model.compile({ optimizer: workload.optimizer, loss, metrics: ['accuracy'] });
}
const trainer = await model.trainer();
const opened = trainer.memory.backend;
const executable = way === 'engine' ? trainer.executable('predict', [x.dtype]) : undefined;

const y =
  kind === 'train'
    ? tensor(oneHot(), [x.shape[0], workload.classes])
    : kind === 'fit' && tensor(labels(), [x.shape[0]]);
const steps = {
  train: async () => (await model.trainOnBatch(x, y)).loss,
  fit: async () => (await model.fit(x, y, { batchSize: batch, epochs })).history.loss.at(-1),
  predict: async () => {
    await (executable?.run({ batch, inputs: { inputs: numbers } }) ?? model.predict(x));
  },
};
const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));

/** All operations and bytes of the instructions that a step runs; those of a fit, of all its batches. */
function cost() {
  const { program } = executable ?? trainer.executable(kind === 'predict' ? 'predict' : 'train', [x.dtype]);
  const count = x.shape[0];
  const batches = Array.from({ length: Math.ceil(count / batch) }, (_, index) =>
    Math.min(batch, count - index * batch),
  );
  const costs = batches.flatMap((size) =>
    program.instructions.map((instruction) => instructionCost(instruction, size)),
  );
  const sum = (key) => (epochs ?? 1) * costs.reduce((total, each) => total + each[key], 0);
  return { flops: sum('flops'), bytes: sum('bytes') };
}

const notes = { engine: ', inside the engine', bytes: ', bytes in, rescaled by the network' };
await serve({ engine: `cajal ${version} ${backend} ${opened.instructionSet}${notes[way] ?? ''}` }, steps[kind], cost);
