// Protects the arithmetic of profiles (shares, rates, sums by layer and kind) and that the page says the same as the
// tables, is safe with any name, and needs nothing from outside.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseHTML } from 'linkedom';
import { analyseProfile } from '../../src/runs/profile-analysis.ts';
import { renderProfilePage } from '../../src/runs/profile-page.ts';
import { instructionTable, layerTable, opTable, profileSentences } from '../../src/runs/profile-text.ts';
import type { Profile, ProfileRow } from '../../src/training/profile.ts';

const row = (given: Partial<ProfileRow>): ProfileRow => ({
  op: 'elementwise',
  layer: 'conv2d',
  phase: 'forward',
  ms: 0,
  flops: 0,
  bytes: 0,
  limit: { by: 'memory', ms: 0 },
  ...given,
});

/** 10 ms in all: 6 in products, one of them faster than the peak allows for the direct method. */
const profile: Profile = {
  backend: 'native',
  instructionSet: 'avx2',
  threads: 2,
  batchSize: 32,
  step: 'train',
  repeats: 10,
  fusion: true,
  stepMs: 12.5,
  outsideMs: 0.5,
  arenaBytes: 2 ** 21,
  peak: { gflops: 200, gbPerSecond: 40 },
  rows: [
    row({ op: 'conv2d', ms: 2, flops: 6e8, bytes: 1e6, limit: { by: 'compute', ms: 3 } }),
    row({ op: 'maxPool2d', layer: 'max_pooling2d', ms: 3.995, flops: 1e6, bytes: 8e7, limit: { by: 'memory', ms: 2 } }),
    row({
      op: 'conv2dKernelGradient',
      phase: 'gradient',
      ms: 4,
      flops: 4e8,
      bytes: 1e6,
      limit: { by: 'compute', ms: 2 },
    }),
    row({ phase: 'update', ms: 0.005, flops: 10, bytes: 100 }),
    row({ phase: 'update', ms: 0 }),
  ],
};

const near = (actual: number | undefined, expected: number) =>
  assert.ok(Math.abs(actual! - expected) < 1e-9 * Math.abs(expected) + 1e-12, `${actual} is not ${expected}`);

describe('analyseProfile', () => {
  const analysis = analyseProfile(profile);

  it('rates each instruction', () => {
    const [convolution, pooling, , , empty] = analysis.rows;
    near(convolution!.share, 0.2);
    near(convolution!.gflops, 300);
    near(convolution!.peakShare, 1.5);
    near(pooling!.gbPerSecond, 8e7 / 3.995 / 1e6);
    near(pooling!.bandwidthShare, 8e7 / 3.995 / 1e6 / 40);
    assert.equal(empty!.gflops, 0);
    assert.equal(empty!.gbPerSecond, 0);
  });

  it('adds up layers, ops, and products against everything else', () => {
    assert.deepEqual(
      analysis.layers.map(({ name, instructions }) => [name, instructions]),
      [
        ['conv2d', 4],
        ['max_pooling2d', 1],
      ],
    );
    assert.deepEqual(analysis.layers[0]!.phaseMs, { forward: 2, gradient: 4, update: 0.005 });
    assert.deepEqual(
      analysis.ops.map(({ name }) => name),
      ['conv2dKernelGradient', 'maxPool2d', 'conv2d', 'elementwise'],
    );
    near(analysis.products.ms, 6);
    near(analysis.products.share, 0.6);
    near(analysis.products.gflops, 1e9 / 6 / 1e6);
    near(analysis.rest.share, 0.4);
    near(analysis.total.ms, 10);
  });

  it('knows no shares of a peak that is not there', () => {
    const { peak: _, ...rest } = profile;
    const { total } = analyseProfile(rest);
    assert.equal(total.peakShare, undefined);
    assert.match(profileSentences(rest, analyseProfile(rest)).join(' '), /no peak to compare with/);
  });
});

describe('the tables', () => {
  const analysis = analyseProfile(profile);

  it('say what the analysis says', () => {
    const [convolution] = instructionTable(analysis).rows;
    assert.deepEqual(convolution, [
      'conv2d',
      'forward',
      'conv2d',
      '2.00',
      '20 %',
      '300',
      '150 %',
      '1.0',
      '0.5',
      '1.3 %',
      'compute',
    ]);
    assert.deepEqual(layerTable(analysis).rows[0]!.slice(0, 6), ['conv2d', '2.00', '4.00', '0.0050', '6.00', '60 %']);
    assert.deepEqual(
      opTable(analysis).foot.map((cells) => cells.slice(0, 4)),
      [
        ['convolutions and dense', '2', '6.00', '60 %'],
        ['everything else', '3', '4.00', '40 %'],
        ['all', '5', '10.0', '100 %'],
      ],
    );
    assert.match(
      profileSentences(profile, analysis).join('\n'),
      /Convolutions and dense layers: 6\.00 ms, 60 %, at 167 GFLOP\/s, 83 % of the peak\. Everything else: 4\.00 ms, 40 %\./,
    );
  });

  it('add up what is too small to show', () => {
    const { rows, foot } = instructionTable(analysis, 0.001);
    assert.equal(rows.length, 3);
    assert.deepEqual(foot[0], ['2 below 0.1 %', '', '', '0.0050', '0.0 %']);
  });
});

describe('the page', () => {
  it('has all instructions, the picture with words for it, and no script or link', () => {
    const page = renderProfilePage('<b>"cnn"</b>', '1.2.3', profile);
    const { document } = parseHTML(page);
    assert.equal(document.querySelector('h1')!.textContent, 'Where the time of <b>"cnn"</b> goes');
    assert.equal(document.querySelector('h1 b'), null);
    assert.equal(document.querySelectorAll('table').length, 3);
    assert.equal(document.querySelectorAll('table')[2]!.querySelectorAll('tbody tr').length, 5);
    assert.equal(document.querySelectorAll('script, link, img, a').length, 0);
    const label = document.querySelector('svg')!.getAttribute('aria-label')!;
    assert.match(label, /The longest: conv2d · conv2dKernelGradient: 4\.00 ms · 100 GFLOP\/s · 50 %; max_pooling2d/);
    assert.match(page, /2 others/);
  });

  it('draws no limit beyond the bar, nor where none is known', () => {
    const bars = (text: string) =>
      [...parseHTML(text).document.querySelectorAll('g[aria-label=bar] rect')].map((bar) =>
        Number(bar.getAttribute('width')),
      );
    const [whole, , , , limit] = bars(renderProfilePage('cnn', '1', profile));
    assert.ok(whole! > 10);
    assert.equal(limit, whole, 'the convolution is faster than its limit: its bar is full');
    const { peak: _, ...rest } = { ...profile, rows: profile.rows.map(({ limit: __, ...other }) => other) };
    const page = renderProfilePage('cnn', '1', rest);
    assert.doesNotMatch(page, /the peak would need/);
    assert.deepEqual(bars(page).slice(4), [0, 0, 0, 0]);
  });
});
