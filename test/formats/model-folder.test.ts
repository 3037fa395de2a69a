// Protects: a model folder is whole or refused: missing, cut, foreign and newer files are named with what to do; saving leaves
// nothing half-written.

import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { tensor } from '../../src/core/tensor.ts';
import { decodeModelFolder, encodeModelFolder, modelFiles, type StoredModel } from '../../src/formats/model-folder.ts';
import { readModelFolder, writeModelFolder } from '../../src/formats/node/model-files.ts';
import { sequential } from '../../src/model/model.ts';
import { layers } from '../../src/nn/layers/table.ts';
import { Network } from '../../src/nn/network.ts';
import { networkConfig } from '../../src/nn/network-config.ts';

function stored(units = 2, fill = 0.5): StoredModel {
  const network = Network.sequential([layers.dense({ units })], [3]);
  const weights = network.weights.map(
    ({ name, shape }) => [name, tensor(new Float32Array(shape.reduce((a, b) => a * b)).fill(fill), shape)] as const,
  );
  return {
    description: { name: 'small', seed: 7, network: networkConfig(network), classNames: ['a', 'b'] },
    weights: new Map(weights),
  };
}

const decode = (files: ReadonlyMap<string, Uint8Array>) => decodeModelFolder('runs/m', files);

/** The files of a model with changes to its description. */
async function described(change: (json: Record<string, unknown>) => unknown): Promise<Map<string, Uint8Array>> {
  const files = await encodeModelFolder(stored());
  const json = JSON.parse(new TextDecoder().decode(files.get(modelFiles.description)));
  return files.set(modelFiles.description, new TextEncoder().encode(JSON.stringify(change(json) ?? json)));
}

const fails = (files: ReadonlyMap<string, Uint8Array>, message: string | RegExp) =>
  assert.rejects(decode(files), { name: 'FormatError', message });

describe('a model folder', () => {
  it('comes back as it was', async () => {
    const model = stored();
    assert.deepEqual(await decode(await encodeModelFolder(model)), model);
    const text = new TextDecoder().decode((await encodeModelFolder(model)).get(modelFiles.description));
    const { format, version, weights } = JSON.parse(text);
    assert.deepEqual(
      [format, version, weights.file, weights.sha256.length],
      ['cajal model', 1, 'model.safetensors', 64],
    );
  });

  it('says which file is missing', async () => {
    const files = await encodeModelFolder(stored());
    files.delete(modelFiles.weights);
    await fails(
      files,
      "runs/m/model.safetensors: expected the model's weights, received no such file. Copy the whole model folder.",
    );
    await fails(
      new Map(),
      'runs/m/model.json: expected a model folder, received no such file. Name a run or a model folder.',
    );
  });

  it('refuses cut files', async () => {
    const files = await encodeModelFolder(stored());
    const json = files.get(modelFiles.description)!;
    await fails(
      new Map([...files, [modelFiles.description, json.subarray(0, 40)]]),
      /^runs\/m\/model\.json: expected JSON, received something else\./,
    );
    const weights = files.get(modelFiles.weights)!;
    for (let length = 0; length < weights.length; length += 7) {
      await fails(
        new Map([...files, [modelFiles.weights, weights.subarray(0, length)]]),
        /^runs\/m\/model\.safetensors: /,
      );
    }
  });

  it('refuses another model’s weights', async () => {
    const files = await encodeModelFolder(stored());
    const weightsOf = async (model: StoredModel) => (await encodeModelFolder(model)).get(modelFiles.weights)!;
    await fails(
      new Map([...files, [modelFiles.weights, await weightsOf(stored(4))]]),
      'runs/m/model.safetensors: expected "dense/kernel" as float32 [3, 2], received float32 [3, 4]. These are another model\'s weights.',
    );
    await fails(
      new Map([...files, [modelFiles.weights, await weightsOf(stored(2, 0.25))]]),
      /expected the weights that model\.json was written with, received others \(their SHA-256 differs\)\./,
    );
    const more = stored();
    const extra = new Map([...more.weights, ['other/kernel', tensor([1])]]);
    await fails(
      new Map([...files, [modelFiles.weights, await weightsOf({ ...more, weights: extra })]]),
      'runs/m/model.safetensors: expected the weights dense/kernel, dense/bias, received "other/kernel" too. These are another model\'s weights.',
    );
    const fewer = new Map([...more.weights].slice(0, 1));
    await fails(
      new Map([...files, [modelFiles.weights, await weightsOf({ ...more, weights: fewer })]]),
      /expected "dense\/bias" as float32 \[2\], received none\. These are another model's weights\.$/,
    );
  });

  it('refuses foreign and newer descriptions', async () => {
    const neither = /^runs\/m\/model\.json: expected "format": "cajal model" and a network, received /;
    for (const json of [{ format: 'layers-model' }, {}, null, [], 3, { format: 'cajal model' }])
      await fails(await described(() => json ?? 'null'), neither);
    await fails(
      await described((json) => ({ ...json, version: 99 })),
      'runs/m/model.json: expected a version up to 1, received 99. Install a newer cajal.',
    );
    await fails(await described(({ version: _, ...json }) => json), /expected a version up to 1, received undefined\./);
  });

  it('refuses networks that cannot be built', async () => {
    const unbuildable = /^runs\/m\/model\.json: expected a network of layers, received one that cannot be built\. /;
    const layer = { className: 'Dense', name: 'dense', config: { units: 2 } };
    for (const network of [
      {},
      { layers: 3, inputShape: [3] },
      { layers: [], inputShape: [3] },
      { layers: [null], inputShape: [3] },
      { layers: [{ ...layer, className: 'Dence' }], inputShape: [3] },
      { layers: [{ ...layer, config: { units: -1 } }], inputShape: [3] },
      { layers: [layer], inputShape: [0] },
      { layers: [layer] },
    ]) {
      await fails(await described((json) => ({ ...json, network })), unbuildable);
    }
  });
});

describe('a model folder on disk', async () => {
  const root = await mkdtemp(path.join(os.tmpdir(), 'cajal-model-'));
  after(() => rm(root, { recursive: true, force: true }));

  it('is made where it is not there, and written over', async () => {
    const folder = path.join(root, 'a', 'b');
    for (const fill of [0.5, 0.25]) {
      await writeModelFolder(folder, stored(2, fill));
      assert.equal((await readModelFolder(folder)).weights.get('dense/bias')!.data[0], fill);
    }
    assert.deepEqual((await readdir(folder)).sort(), [modelFiles.description, modelFiles.weights]);
  });

  it('says where there is none', async () => {
    const nowhere = path.join(root, 'nowhere');
    await assert.rejects(readModelFolder(nowhere), /^FormatError: .*nowhere\/model\.json: expected a model folder/);
    const file = path.join(root, 'file');
    await writeFile(file, 'text');
    await assert.rejects(readModelFolder(file), /^FormatError: .*file\/model\.json: expected a model folder/);
    const odd = path.join(root, 'odd');
    await mkdir(path.join(odd, modelFiles.description), { recursive: true });
    await assert.rejects(readModelFolder(odd), /^FormatError: .*model\.json: expected to read it, received "EISDIR/);
  });

  it('that cannot be made or written says so, and leaves nothing behind', async () => {
    const file = path.join(root, 'taken');
    await writeFile(file, 'text');
    await assert.rejects(writeModelFolder(path.join(file, 'm'), stored()), {
      name: 'StorageError',
      message:
        /^writing .*taken\/m: expected a folder above it, received ENOTDIR\. A part of the path is a file: choose another folder\.$/,
    });
    const blocked = path.join(root, 'blocked');
    await mkdir(path.join(blocked, modelFiles.weights), { recursive: true });
    await assert.rejects(writeModelFolder(blocked, stored()), {
      name: 'StorageError',
      message:
        /^writing .*model\.safetensors: expected a file that can be written, received EISDIR.*Look at the disk and the folder\.$/,
    });
    assert.deepEqual(await readdir(blocked), [modelFiles.weights]);
  });

  it('keeps the old model where a new one cannot be written', {
    skip: process.getuid?.() === 0 && 'root may write anywhere',
  }, async () => {
    const folder = path.join(root, 'locked');
    await writeModelFolder(folder, stored());
    const before = await readFile(path.join(folder, modelFiles.weights));
    await chmod(folder, 0o500);
    await assert.rejects(writeModelFolder(folder, stored(2, 0.25)), { name: 'StorageError' });
    await chmod(folder, 0o700);
    assert.deepEqual(await readFile(path.join(folder, modelFiles.weights)), before);
  });
});

describe('a file of weights', () => {
  it('goes into a model of the same network alone', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'cajal-'));
    after(() => rm(folder, { recursive: true }));
    const build = (units: number, seed: number) =>
      sequential([layers.input({ shape: [3] }), layers.dense({ units })], { seed, backend: 'reference' });
    const file = path.join(folder, 'new', 'a.safetensors');
    const [saved, other] = [build(2, 1), build(2, 2)];
    await saved.saveWeights(file);
    assert.notDeepEqual(await other.getWeights(), await saved.getWeights());
    await other.loadWeights(file);
    assert.deepEqual(await other.getWeights(), await saved.getWeights());
    await assert.rejects(build(4, 1).loadWeights(file), /^FormatError: .*expected "dense\/kernel" as float32 \[3, 4\]/);
    await assert.rejects(other.loadWeights(`${file}.gone`), {
      name: 'FormatError',
      message: `${file}.gone: expected a safetensors file, received no such file.`,
    });
  });
});
