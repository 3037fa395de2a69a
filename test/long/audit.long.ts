/** Protects the audit on real pictures: the sources of the blood cells from the pictures alone, and copies of photographs
 * whose sources are known. Prints what it measures. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import {
  describedSize,
  describePicture,
  findCopies,
  type PictureDescription,
  type SmallPicture,
} from '../../src/audit/index.ts';
import { auditPictures } from '../../src/audit/node/index.ts';
import { adjustedRandIndex, changedCopy, groupNumbers, numbersFrom } from '../audit/changed-copies.ts';
import { realData } from '../data/node/real-data.ts';

const cells = realData('blood-cells/TRAIN');
test('the blood cells: names refuted, sources from the pictures', { skip: cells.skip }, async () => {
  const report = await auditPictures(cells.path);
  const [proposal] = report.nameProposals;
  assert.deepEqual([proposal!.pattern, proposal!.groupCount], ['^_(\\d+)_', 277]);
  // The number is a place in a shuffled epoch: two pictures of a source share it as often as chance has it.
  assert.equal(proposal!.verdict, 'refuted');
  assert.ok(Math.abs(proposal!.copiesTogether! - proposal!.copiesByChance!) < 0.03);
  assert.equal(report.groups.source, 'pictures');
  // 75, 27, 16 and 159 photographs, some of them of the same field: each photograph has as many copies as the others
  // of its class, so that the sizes of groups are multiples of that.
  const copiesOfEach: Record<string, number> = {
    EOSINOPHIL: 2497 / 75,
    LYMPHOCYTE: 2483 / 27,
    MONOCYTE: 2478 / 16,
    NEUTROPHIL: 2499 / 159,
  };
  const sizes = new Map<string, Map<string, number>>();
  for (const { className, group } of report.files) {
    assert.ok(group !== null, 'every picture has copies');
    const ofGroup = sizes.get(group) ?? new Map<string, number>();
    sizes.set(group, ofGroup.set(className, (ofGroup.get(className) ?? 0) + 1));
  }
  let photographs = 0;
  for (const [group, ofGroup] of sizes) {
    for (const [className, size] of ofGroup) {
      const count = size / copiesOfEach[className]!;
      assert.ok(Math.abs(count - Math.round(count)) < 0.15, `${group}: ${size} of ${className}`);
      photographs += Math.round(count);
    }
  }
  assert.equal(photographs, 277);
  assert.ok(sizes.size >= 260 && sizes.size <= 277, `${sizes.size} groups`);
  console.log(`${sizes.size} groups of ${photographs} photographs, sure to ${report.groups.confidence}`);
});

const photos = realData('cats-dogs-horses');
test('changed copies of photographs: the known sources', { skip: photos.skip }, async () => {
  const random = numbersFrom(11);
  const files = readdirSync(photos.path).flatMap((name) =>
    readdirSync(join(photos.path, name)).map((file) => join(photos.path, name, file)),
  );
  const pictures: PictureDescription[] = [];
  const truth: number[] = [];
  for (const [source, file] of files.entries()) {
    const { data, info } = await sharp(file)
      .resize({ width: describedSize, height: describedSize, fit: 'inside' })
      .flatten({ background: '#fff' })
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const picture: SmallPicture = { data, height: info.height, width: info.width };
    for (let copy = 0; copy < 8; copy++) {
      pictures.push(describePicture(copy === 0 ? picture : changedCopy(picture, random)));
      truth.push(source);
    }
  }
  // In an order that tells nothing.
  const order = pictures.map((_, index) => [random(), index] as const).sort((a, b) => a[0] - b[0]);
  const found = await findCopies(order.map(([, index]) => pictures[index]!));
  const known = order.map(([, index]) => truth[index]!);
  const numbers = groupNumbers(found.groups, known.length);
  const agreement = adjustedRandIndex(known, numbers);
  let together = 0;
  let joined = 0;
  let right = 0;
  for (let a = 0; a < known.length; a++) {
    for (let b = a + 1; b < known.length; b++) {
      const isSame = known[a] === known[b];
      const isJoined = numbers[a] === numbers[b];
      if (isSame) together++;
      if (isJoined) joined++;
      if (isSame && isJoined) right++;
    }
  }
  const precision = right / joined;
  const recall = right / together;
  console.log(
    `${known.length} pictures of ${files.length} photographs: adjusted Rand index ${agreement.toFixed(4)}, ` +
      `precision ${precision.toFixed(4)}, recall ${recall.toFixed(4)}, confidence ${found.confidence.toFixed(3)}, ` +
      `threshold ${found.threshold}`,
  );
  assert.ok(precision > 0.9);
  assert.ok(recall > 0.5);
});
