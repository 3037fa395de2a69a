// Protects the statistics of light and colour: exact numbers, and warnings for planted differences and for no others.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../../src/core/random.ts';
import {
  createPreprocessing,
  measurePictures,
  type Preprocessing,
  type SubsetStatistics,
  statisticsWarnings,
  type VerifiedPicture,
} from '../../../src/data/index.ts';

const preprocessing = createPreprocessing({ size: 4 });
const names = ['cats', 'dogs'];

/** Pictures of one colour each, with noise between them. @param lift what a class is brighter by, in each channel */
function pictures(seed: number, counts: readonly number[], lifts: readonly (readonly number[])[], channels = 3) {
  const random = new Random(seed, 'statistics');
  const pixels = new Map<string, Uint8Array>();
  const files: VerifiedPicture[] = counts.flatMap((count, label) =>
    Array.from({ length: count }, (_, index) => {
      const path = `${label}/${index}.png`;
      const light = 100 + 40 * (random.next() - 0.5);
      pixels.set(
        path,
        Uint8Array.from({ length: 16 * channels }, (_, place) => light + lifts[label]![place % channels]!),
      );
      return { path, label, sizeBytes: 1, sha256: path } as VerifiedPicture;
    }),
  );
  return { files, pixelsOf: ({ path }: VerifiedPicture) => pixels.get(path) };
}

const flat = [
  [0, 0, 0],
  [0, 0, 0],
];

async function measure(name: string, made: ReturnType<typeof pictures>, how: Preprocessing = preprocessing) {
  return (await measurePictures({ name, ...made }, 2, how)) as SubsetStatistics;
}

test('mean and deviation are those of all pixels, classes weighing what they have', async () => {
  const values: Record<string, number[]> = { a: [0, 10, 20], b: [100, 10, 40], c: [50, 70, 90] };
  const files = Object.keys(values).map((path) => ({ path, label: path === 'c' ? 1 : 0 }) as VerifiedPicture);
  const pixelsOf = ({ path }: VerifiedPicture) => Uint8Array.from({ length: 48 }, (_, at) => values[path]![at % 3]!);
  const found = (await measurePictures({ name: 'training', files, pixelsOf }, 3, preprocessing))!;
  assert.deepEqual(found.classes[0]!.mean, [50, 10, 30]);
  assert.deepEqual(found.classes[0]!.deviation, [50, 0, 10]);
  assert.deepEqual(found.classes[0]!.pictureDeviation, [Math.sqrt(5000), 0, Math.sqrt(200)]);
  assert.deepEqual(found.mean, [50, 30, 50]);
  assert.ok(Math.abs(found.deviation[2]! - Math.sqrt((20 ** 2 + 40 ** 2 + 90 ** 2) / 3 - 2500)) < 1e-9);
  assert.deepEqual([found.pictures, found.counted, found.classes[2]], [3, 3, undefined]);
});

test('a large part is sampled, the same each time, and what is not at hand is not counted', async () => {
  const made = pictures(1, [600, 20], flat);
  const [first, second] = [await measure('training', made), await measure('training', made)];
  assert.deepEqual(first, second);
  assert.deepEqual([first.pictures, first.counted, first.classes[1]!.counted], [620, 270, 20]);
  const none = await measurePictures({ name: 'training', ...made, pixelsOf: () => undefined }, 2, preprocessing);
  assert.equal(none, undefined);
});

test('equal parts and classes are no warning, whatever is drawn', async () => {
  for (let seed = 0; seed < 40; seed++) {
    const training = await measure('training', pictures(seed, [40, 25], flat));
    // Another share of the classes is no other light.
    const validation = await measure('validation', pictures(seed + 1000, [12, 30], flat));
    assert.deepEqual(statisticsWarnings([training, validation], names, preprocessing), [], `seed ${seed}`);
  }
});

test('a brighter validation set is said, with by how much', async () => {
  const lifts = [
    [20, 20, 20],
    [20, 20, 20],
  ];
  const training = await measure('training', pictures(1, [100, 100], flat));
  const validation = await measure('validation', pictures(2, [40, 40], lifts));
  const said = statisticsWarnings([training, validation], names, preprocessing);
  assert.equal(said.length, 1);
  assert.match(
    said[0]!,
    /^The validation pictures are brighter, \w+ by (1|2)\d of 255 \([12]\.\d times the usual deviation between pictures of a class\), than training pictures of the same classes\. Another camera/,
  );
  const darker = statisticsWarnings(
    [
      { ...validation, name: 'training' },
      { ...training, name: 'test' },
    ],
    names,
    preprocessing,
  );
  assert.match(darker[0]!, /^The test pictures are darker, /);
});

test('a class in another light is said, by its channel', async () => {
  const lifts = [
    [0, 0, 0],
    [0, 0, 25],
  ];
  const training = await measure('training', pictures(3, [60, 60], lifts));
  const [said, ...rest] = statisticsWarnings([training], names, preprocessing);
  assert.match(
    said!,
    /^Pictures of dogs are higher in blue, by 2\d of 255 \(.* times .*\), than those of cats\. Where that comes/,
  );
  assert.deepEqual(rest, []);
  // The classes differ in the same way on both sides: the sides do not, though they have other shares of them.
  const validation = await measure('validation', pictures(4, [60, 15], lifts));
  assert.equal(statisticsWarnings([training, validation], names, preprocessing).length, 1);
});

test('grey pictures are brighter, channels have numbers, few pictures say nothing', async () => {
  const lifts = [[0], [60]];
  const grey = createPreprocessing({ size: 4, colorMode: 'grayscale' });
  const training = await measure('training', pictures(5, [30, 30], lifts, 1), grey);
  assert.match(statisticsWarnings([training], names, grey)[0]!, /^Pictures of dogs are brighter by \d+ of 255 \(/);
  const stack = createPreprocessing({ size: 4, colorMode: 'channels', channels: 1 });
  assert.match(statisticsWarnings([training], names, stack)[0]!, /are higher in channel 1, by/);
  const few = await measure('training', pictures(5, [9, 30], lifts, 1), grey);
  assert.deepEqual(statisticsWarnings([few], names, grey), []);
});
