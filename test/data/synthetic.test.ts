/** Protects the synthetic smears: the same bytes on every platform, balanced classes, slides told apart by name, and
 * pictures that look like a smear rather than like nothing. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { OptionError } from '../../src/core/errors.ts';
import { negativeExponential } from '../../src/data/synthetic/camera.ts';
import { cellKinds, defaultSmearSet, drawSmear, smearSet } from '../../src/data/synthetic/index.ts';

function hashOf(pixels: Uint8Array): string {
  return createHash('sha256').update(pixels).digest('hex').slice(0, 16);
}

function meanOf(pixels: Uint8Array): number {
  return pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
}

test('pictures are the same to the byte, everywhere', () => {
  const golden = [
    { options: { seed: 7, slide: 0, index: 0, kind: 'eosinophil', size: 64 }, hash: '619abe99f60a00ca' },
    { options: { seed: 7, slide: 1, index: 5, kind: 'lymphocyte', size: 64 }, hash: '7d98b64c9406566b' },
    { options: { seed: 7, slide: 35, index: 10, kind: 'monocyte', size: 96 }, hash: '0fe202dbb8550b49' },
    {
      options: { seed: 4_294_967_295, slide: 9999, index: 999_999, kind: 'neutrophil', size: 33 },
      hash: 'ec309b35b96ed323',
    },
  ] as const;
  for (const { options, hash } of golden) assert.equal(hashOf(drawSmear(options)), hash, JSON.stringify(options));
});

test('seed, slide, index and kind each change the picture', () => {
  const options = { seed: 1, slide: 2, index: 3, kind: 'monocyte', size: 32 } as const;
  const hash = hashOf(drawSmear(options));
  assert.equal(hashOf(drawSmear({ ...options })), hash);
  const others = [{ seed: 2 }, { slide: 3 }, { index: 4 }, { kind: 'neutrophil' }] as const;
  for (const other of others) assert.notEqual(hashOf(drawSmear({ ...options, ...other })), hash, JSON.stringify(other));
});

test('the exponential is right to 1e-9 of the true one', () => {
  for (let x = 0; x <= 8; x += 0.37) assert.ok(Math.abs(negativeExponential(x) - Math.exp(-x)) < 1e-9, `at ${x}`);
});

test('every picture is bright, and has dark purple near its middle', () => {
  for (const item of smearSet({ seed: 3, slides: 10, picturesPerSlide: 4, size: 48 })) {
    const { pixels, name, kind } = item;
    assert.equal(pixels.length, 48 * 48 * 3);
    const mean = meanOf(pixels);
    assert.ok(mean > 90 && mean < 235, `${name} ${kind}: mean ${mean}`);
    let purple = 0;
    for (let row = 8; row < 40; row++) {
      for (let column = 8; column < 40; column++) {
        const at = (row * 48 + column) * 3;
        if (pixels[at + 1]! < 0.72 * pixels[at + 2]! && pixels[at]! < 170) purple++;
      }
    }
    assert.ok(purple > 25, `${name} ${kind}: ${purple} purple pixels`);
  }
});

test('slides differ in colour more than classes do', () => {
  const bySlide = new Map<number, number[]>();
  const byKind = new Map<string, number[]>();
  for (const { slide, kind, pixels } of smearSet({ seed: 7, slides: 24, picturesPerSlide: 8, size: 24 })) {
    // Red against blue is where the kinds differ most: orange granules, blue cytoplasm.
    let difference = 0;
    for (let at = 0; at < pixels.length; at += 3) difference += pixels[at]! - pixels[at + 2]!;
    const value = (3 * difference) / pixels.length;
    bySlide.set(slide, [...(bySlide.get(slide) ?? []), value]);
    byKind.set(kind, [...(byKind.get(kind) ?? []), value]);
  }
  const spread = (groups: Map<unknown, number[]>) => {
    const means = [...groups.values()].map((values) => values.reduce((sum, value) => sum + value, 0) / values.length);
    return Math.max(...means) - Math.min(...means);
  };
  assert.ok(spread(bySlide) > 2 * spread(byKind), `slides ${spread(bySlide)}, kinds ${spread(byKind)}`);
});

test('a set has every kind on every slide, balanced, under names that tell the slide', () => {
  const counts = new Map<string, number>();
  const names = new Set<string>();
  for (const { kind, slide, name } of smearSet({ seed: 1, slides: 3, picturesPerSlide: 8, size: 16 })) {
    assert.equal(Number(/^slide(\d+)_\d{4}\.png$/.exec(name)?.[1]), slide);
    names.add(name);
    counts.set(`${kind} ${slide}`, (counts.get(`${kind} ${slide}`) ?? 0) + 1);
  }
  assert.equal(names.size, 24);
  assert.equal(counts.size, 3 * cellKinds.length);
  assert.deepEqual(new Set(counts.values()), new Set([2]));
});

test('items of a set are the pictures that drawSmear draws', () => {
  const [, , , , , item] = smearSet({ seed: 5, slides: 2, picturesPerSlide: 4, size: 20 });
  assert.equal(item?.name, 'slide01_0001.png');
  assert.deepEqual(item?.pixels, drawSmear({ seed: 5, slide: 1, index: 1, kind: 'lymphocyte', size: 20 }));
});

test('the demonstration set is balanced and keeps slides for the test', () => {
  const { slides, testSlides, picturesPerSlide } = defaultSmearSet;
  assert.equal(picturesPerSlide % cellKinds.length, 0);
  assert.ok(testSlides > 0 && testSlides < slides);
});

test('wrong options are named', () => {
  const options = { seed: 1, slide: 0, index: 0, kind: 'monocyte', size: 32 } as const;
  const cases: [() => unknown, string][] = [
    [
      () => drawSmear({ ...options, size: 8 }),
      'drawSmear: size must be a whole number of at least 16 and of at most 512, received 8.',
    ],
    [
      () => drawSmear({ ...options, seed: -1 }),
      'drawSmear: seed must be a whole number of at least 0 and of at most 4294967295, received -1.',
    ],
    [
      () => drawSmear({ ...options, slide: 0.5 }),
      'drawSmear: slide must be a whole number of at least 0 and of at most 9999, received 0.5.',
    ],
    [
      () => drawSmear({ ...options, index: Number.NaN }),
      'drawSmear: index must be a whole number of at least 0 and of at most 999999, received NaN.',
    ],
    [
      () => drawSmear({ ...options, kind: 'monocite' as 'monocyte' }),
      'drawSmear: unknown kind "monocite". Did you mean "monocyte"? Choose from eosinophil, lymphocyte, monocyte, neutrophil.',
    ],
    [
      () => drawSmear({ ...options, sise: 32 } as typeof options),
      'drawSmear: unknown option "sise". Did you mean "size"? Choose from seed, slide, index, kind, size.',
    ],
    [
      () => smearSet({ seed: 1, slides: 0, picturesPerSlide: 4, size: 32 }).next(),
      'smearSet: slides must be a whole number of at least 1 and of at most 9999, received 0.',
    ],
    [
      () => smearSet({ seed: 1, slides: 1, picturesPerSlide: 1.5, size: 32 }).next(),
      'smearSet: picturesPerSlide must be a whole number of at least 1 and of at most 9999, received 1.5.',
    ],
  ];
  for (const [call, message] of cases) {
    assert.throws(call, (error: unknown) => {
      assert.ok(error instanceof OptionError);
      assert.equal(error.message, message);
      return true;
    });
  }
});
