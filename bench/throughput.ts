/** How fast pictures come: read for the first time, from the disk cache and from memory, alone and as epochs of the 13-layer
 * network with and without augmentation, in turns. `npm run bench:throughput -- --data FOLDER [--fraction 0.1] [--turns 3]`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { augmentationLayersOf } from '../src/augmentation/augmentation-words.ts';
import { type FolderDatasets, folder } from '../src/data/node/index.ts';
import { architecture, augment, type Dataset, sequential } from '../src/index.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    fraction: { type: 'string', default: '0.1' },
    turns: { type: 'string', default: '3' },
    results: { type: 'string' },
  },
});
if (values.data === undefined) {
  console.error('bench:throughput: expected a folder of pictures, received none. Add --data FOLDER.');
  process.exit(2);
}
const size = 150;
const place = mkdtempSync(join(tmpdir(), 'cajal-throughput-'));
const loadBefore = loadavg()[0]!;
const found = new Map<string, number[]>();

async function time(name: string, work: () => Promise<unknown>): Promise<void> {
  const start = performance.now();
  await work();
  const seconds = (performance.now() - start) / 1000;
  found.set(name, [...(found.get(name) ?? []), seconds]);
}

const open = (cache: string | undefined, cacheBytes: number): Promise<FolderDatasets> =>
  folder(values.data!, {
    size,
    batchSize: 32,
    fraction: Number(values.fraction),
    cacheBytes,
    ...(cache !== undefined && { diskCache: { folder: join(place, cache) } }),
  });

const readAll = async (dataset: Dataset, epoch: number) => {
  for await (const _ of dataset.epoch(epoch));
};

try {
  const inMemory = await open('kept', 2 ** 32);
  const fromDisk = await open('kept', 0);
  const fromFiles = await open(undefined, 0);
  const count = inMemory.training.size;
  await readAll(inMemory.training, 0);
  const augmented = (dataset: Dataset) =>
    augment(dataset, augmentationLayersOf('bench', ['flip', 'rotation=15', 'shift=0.1', 'zoom=0.2']));
  const model = sequential(architecture('cnn', { inputShape: [size, size, 3], classes: inMemory.classNames.length }));
  model.compile({ optimizer: 'rmsprop', loss: 'categoricalCrossentropy' });
  const epochs: Record<string, Dataset> = {
    'epoch from memory': inMemory.training,
    'epoch from the disk cache': fromDisk.training,
    'epoch that decodes': fromFiles.training,
    'epoch from memory, augmented': augmented(inMemory.training),
    'epoch from the disk cache, augmented': augmented(fromDisk.training),
  };
  await model.fit(inMemory.training, { epochs: 1, verbose: 0 });
  await model.fit(epochs['epoch from memory, augmented']!, { epochs: 1, verbose: 0 });
  for (let turn = 0; turn < Number(values.turns); turn++) {
    await time('first read, kept on disk', () => open(`turn-${turn}`, 2 ** 32));
    await time('second opening', () => open(`turn-${turn}`, 2 ** 32));
    await time('read from the disk cache', () => readAll(fromDisk.training, turn));
    await time('read from memory', () => readAll(inMemory.training, turn));
    for (const [name, dataset] of Object.entries(epochs)) {
      await time(name, () => model.fit(dataset, { epochs: 1, verbose: 0 }));
    }
  }
  const middle = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
  const rows = [...found].map(([name, seconds]) => ({
    name,
    seconds: Number(middle(seconds).toFixed(4)),
    least: Number(Math.min(...seconds).toFixed(4)),
    picturesPerSecond: Math.round(count / middle(seconds)),
  }));
  for (const { name, seconds, least, picturesPerSecond } of rows) {
    console.log(
      `${name.padEnd(38)} ${seconds.toFixed(3)} s, at best ${least.toFixed(3)} s, ${picturesPerSecond} pictures/s`,
    );
  }
  const of = (name: string) => rows.find((row) => row.name === name)!;
  const ratios = {
    median: of('epoch from the disk cache').seconds / of('epoch from memory').seconds,
    least: of('epoch from the disk cache').least / of('epoch from memory').least,
  };
  console.log(
    `an epoch from the disk cache takes ${ratios.median.toFixed(3)} times one from memory (at best ${ratios.least.toFixed(3)})`,
  );
  if (values.results !== undefined) {
    const machine = { processor: cpus()[0]?.model ?? 'unknown', cores: availableParallelism(), node: process.version };
    const load = { before: loadBefore, after: loadavg()[0] };
    const result = { machine, load, pictures: count, size, batchSize: 32, turns: Number(values.turns), rows, ratios };
    writeFileSync(values.results, `${JSON.stringify(result, null, 2)}\n`);
  }
} finally {
  rmSync(place, { recursive: true, force: true });
}
