/** Protects the flags of blurred, dark, bright, empty and oddly shaped pictures. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flagQuality, measureQuality, type SmallPicture, splitPlanes } from '../../src/audit/index.ts';
import { smear } from './changed-copies.ts';

const measure = (picture: SmallPicture) => ({ quality: measureQuality(splitPlanes(picture)), height: 128, width: 128 });
const map = (picture: SmallPicture, change: (value: number, at: number) => number): SmallPicture => ({
  ...picture,
  data: picture.data.map((value, at) => change(value, at)),
});

/** Means of 9 × 9 pixels. */
function blurred({ data, height, width }: SmallPicture): SmallPicture {
  const at = (x: number, y: number, channel: number) =>
    data[(Math.min(height - 1, Math.max(0, y)) * width + Math.min(width - 1, Math.max(0, x))) * 3 + channel]!;
  const result = data.map((_, place) => {
    const x = Math.floor(place / 3) % width;
    const y = Math.floor(place / 3 / width);
    let sum = 0;
    for (let v = -4; v <= 4; v++) for (let u = -4; u <= 4; u++) sum += at(x + u, y + v, place % 3);
    return sum / 81;
  });
  return { data: result, height, width };
}

test('what stands out of a set is flagged, and nothing else', () => {
  const usual = Array.from({ length: 12 }, (_, number) => measure(smear(number)));
  const odd = [
    measure(blurred(smear(20))),
    measure(map(smear(21), (value) => value / 12)),
    measure(map(smear(22), (value) => 250 + value / 60)),
    measure(map(smear(23), () => 130)),
    { ...measure(smear(24)), width: 500 },
  ];
  const flags = flagQuality([...usual, ...odd]);
  assert.deepEqual(
    flags.slice(0, usual.length),
    usual.map(() => []),
  );
  const [soft, dark, bright, empty, wide] = flags.slice(usual.length);
  assert.deepEqual(soft, ['blurred']);
  assert.ok(dark!.includes('dark'));
  assert.ok(bright!.includes('bright'));
  assert.ok(empty!.includes('low information'));
  assert.deepEqual(wide, ['odd aspect']);
});

test('filled borders count for nothing', () => {
  const whole = smear(3);
  const half = map(whole, (value, at) => (at < (whole.data.length * 3) / 8 ? 0 : value));
  const { quality } = measure(half);
  assert.ok(Math.abs(quality.filledShare - 0.375) < 0.01);
  assert.ok(Math.abs(quality.brightness - measure(whole).quality.brightness) < 25);
});
