// Protects `cajal profile`: what it prints and writes for a network, a run and a model folder, and what it refuses.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { layers, sequential } from '../../src/index.ts';
import { temporaryFolder } from '../runs/temporary-folder.ts';
import { run } from './command-line.ts';

const network = ['--size', '16', '--filters', '4', '--units', '8', '--classes', '3'];
const quick = ['--batch-size', '2', '--repeats', '1'];

async function saveModel(folder: string): Promise<void> {
  const model = sequential([layers.input({ shape: [4, 4, 1] }), layers.flatten(), layers.dense({ units: 2 })], {
    name: 'tiny',
    backend: 'reference',
  });
  await model.save(folder);
}

describe('cajal profile', () => {
  it('prints the step of a network by instruction, layer and op', async () => {
    const { code, out, notes } = await run(['profile', ...network, ...quick]);
    assert.equal(code, 0);
    assert.equal(notes, '');
    assert.match(out, /^cnn: train step of 2 examples on \w+, \w+, \d+ threads?\n/);
    assert.match(out, /Convolutions and dense layers: .+ Everything else: [\d.]+ ms, [\d.]+ %\./);
    for (const title of ['By instruction', 'By layer', 'By op']) assert.match(out, new RegExp(`^${title}$`, 'm'));
    assert.match(out, /^conv2d +gradient +conv2dMaxPool2dKernelGradient .+ (compute|memory)?$/m);
    assert.match(out, /GFLOP\/s are effective/);
  });

  it('writes JSON, and a page where it is asked to', async (context) => {
    const folder = temporaryFolder(context);
    const page = path.join(folder, 'page.html');
    const line = ['profile', ...network, ...quick, '--step', 'evaluate', '--json', '--out', page];
    const { code, out } = await run(line);
    assert.equal(code, 0);
    const profile = JSON.parse(out) as Record<string, unknown> & { rows: object[]; rest: { share: number } };
    assert.equal(profile['event'], 'profile');
    assert.equal(profile['name'], 'cnn');
    assert.equal(profile['step'], 'evaluate');
    assert.equal(profile['page'], page);
    assert.ok(profile.rows.length > 5 && 'gflops' in profile.rows[0]!);
    assert.ok(profile.rest.share > 0 && profile.rest.share < 1);
    assert.match(readFileSync(page, 'utf8'), /<svg/);
  });

  it('puts the page into a run, and leaves a model folder as it is', async (context) => {
    const folder = temporaryFolder(context);
    const runFolder = path.join(folder, 'run');
    const best = path.join(runFolder, 'weights', 'best');
    mkdirSync(path.dirname(best), { recursive: true });
    await saveModel(best);
    const ofRun = await run(['profile', runFolder, '--step', 'predict', ...quick]);
    assert.equal(ofRun.code, 0, ofRun.notes);
    assert.match(ofRun.out, /^tiny: predict step of 2 examples on \w+, \w+, \d+ threads?\n/);
    assert.match(ofRun.notes, /Written: .*run.profile\.html/);
    assert.match(readFileSync(path.join(runFolder, 'profile.html'), 'utf8'), /Where the time of <bdi>tiny<\/bdi> goes/);
    const ofModel = await run(['profile', best, '--step', 'predict', ...quick]);
    assert.equal(ofModel.code, 0);
    assert.equal(ofModel.notes, '');
    assert.ok(!existsSync(path.join(best, 'profile.html')));
  });

  it('refuses a run together with a network, steps it cannot take, and folders without a model', async (context) => {
    const folder = temporaryFolder(context);
    const refusal = async (args: string[]) => {
      const { code, out, notes } = await run(['profile', ...args]);
      assert.equal(out, '');
      return `${code}: ${notes}`;
    };
    assert.match(
      await refusal(['runs/x', '--units', '3', '--optimizer', 'adam']),
      /^2: error: profile: expected a run or the options of a network, received both \(runs\/x and units, optimizer\)/,
    );
    assert.match(await refusal(['--step', 'fit']), /^2: .*unknown --step "fit"/);
    assert.match(await refusal([path.join(folder, 'none')]), /^3: .*expected a run or a model folder/);
    const model = path.join(folder, 'model');
    await saveModel(model);
    assert.match(await refusal([model, ...quick]), /^1: .*profile: expected a compiled model/);
  });
});
