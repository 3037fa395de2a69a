/** Protects the audit of a folder as a whole: what it counts, the copies, conflicts, leaks and groups that it finds, what
 * it says of names, and reading its file again. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import type { SmallPicture } from '../../../src/audit/index.ts';
import { auditGroups, auditPictures, readAudit } from '../../../src/audit/node/index.ts';
import { formatPredictions } from '../../../src/runs/jobs/predictions-csv.ts';
import { temporaryFolder, writeFiles } from '../../data/node/picture-folder.ts';
import { writeBmp } from '../../data/node/write-bmp.ts';
import { writeTiff } from '../../data/node/write-tiff.ts';
import { changedCopy, numbersFrom, plantLabelErrors, smear } from '../changed-copies.ts';

const jpeg = ({ data, height, width }: SmallPicture) =>
  sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 90 })
    .toBuffer();

test('copies, conflicts, leaks, broken files and groups', async () => {
  const random = numbersFrom(1);
  const root = temporaryFolder();
  const copy = await jpeg(smear(2));
  await writeFiles(join(root, 'train'), {
    'cats/one.jpg': jpeg(smear(1)),
    'cats/two.jpg': copy,
    'cats/broken.jpg': (await jpeg(smear(9))).subarray(0, 900),
    'cats/notes.txt': 'text',
    'cats/three.jpg': jpeg(smear(3)),
    'dogs/changed.jpg': jpeg(changedCopy(smear(1), random)),
    'dogs/four.png': sharp(smear(4).data, { raw: { width: 128, height: 128, channels: 3 } })
      .png()
      .toBuffer(),
  });
  await writeFiles(join(root, 'val'), { 'cats/again.jpg': copy, 'dogs/five.jpg': jpeg(smear(5)) });
  const steps: string[] = [];
  const report = await auditPictures(join(root, 'train'), {
    validation: join(root, 'val'),
    onProgress: (step, done, total) => steps.push(`${step} ${done}/${total}`),
  });
  assert.deepEqual(report.classes, [
    { name: 'cats', count: 3, validationCount: 1 },
    { name: 'dogs', count: 2, validationCount: 1 },
  ]);
  assert.equal(report.imbalance, 1.5);
  assert.deepEqual(report.formats, [
    { value: 'jpeg', count: 6 },
    { value: 'png', count: 1 },
  ]);
  const broken = report.skipped.map(({ path, reason, split }) => [split, path, reason]);
  assert.deepEqual(broken, [
    ['training', 'cats/broken.jpg', 'undecodable'],
    ['training', 'cats/notes.txt', 'unknown extension'],
  ]);
  const leak = {
    files: [
      { split: 'training', path: 'cats/two.jpg' },
      { split: 'validation', path: 'cats/again.jpg' },
    ],
    classNames: ['cats'],
    isLeak: true,
  };
  const conflict = {
    files: [
      { split: 'training', path: 'cats/one.jpg' },
      { split: 'training', path: 'dogs/changed.jpg' },
    ],
    classNames: ['cats', 'dogs'],
    isLeak: false,
  };
  assert.deepEqual(report.duplicates, [leak]);
  assert.deepEqual(report.copies.sets, [conflict, leak]);
  assert.deepEqual([report.groups.source, report.groups.count, report.groups.groupedFiles], ['pictures', 4, 2]);
  assert.equal(steps.filter((step) => step.startsWith('reading')).at(-1), 'reading 8/8');

  const small = await auditPictures(join(root, 'val'), { pixelLimit: 1000 });
  assert.deepEqual(
    small.skipped.map(({ reason, detail }) => [reason, detail]),
    new Array(2).fill(['over the pixel limit', '128×128 pixels, above 1000']),
  );
  assert.deepEqual([small.groups.source, small.imbalance, small.copies.sets], ['none', null, []]);

  const path = join(root, 'audit.json');
  writeFileSync(path, JSON.stringify(report));
  const groups = auditGroups(await readAudit(path));
  const one = report.files.find((file) => file.path === 'cats/one.jpg')!;
  assert.equal(groups.groupOf({ path: 'renamed.jpg', sha256: one.sha256 }), one.group);
  assert.equal(groups.groupOf({ path: 'dogs/changed.jpg' }), one.group);
  assert.equal(groups.groupOf({ path: 'cats/three.jpg' }), null);
  assert.equal(groups.has({ path: 'cats/three.jpg' }), true);
  assert.equal(groups.has({ path: 'cats/never.jpg' }), false);
  const other = { path: 'cats/one.jpg', sha256: 'f'.repeat(64) };
  assert.deepEqual([groups.groupOf(other), groups.has(other)], [null, false]);
});

test('names that keep copies together are confirmed, names that do not are refuted', async () => {
  const random = numbersFrom(2);
  const good = temporaryFolder();
  const bad = temporaryFolder();
  for (let source = 0; source < 8; source++) {
    for (let copy = 0; copy < 4; copy++) {
      const picture = await jpeg(copy === 0 ? smear(source) : changedCopy(smear(source), random));
      const className = source % 2 === 0 ? 'even' : 'odd';
      const number = Math.floor(source / 2);
      await writeFiles(good, { [`${className}/_${number}_${10 + copy}.jpg`]: picture });
      // The number of a shuffled epoch's place: each picture of a source gets another one.
      await writeFiles(bad, { [`${className}/_${(number + copy) % 4}_${10 + copy}.jpg`]: picture });
    }
  }
  const confirmed = await auditPictures(good);
  const [proposal] = confirmed.nameProposals;
  assert.deepEqual([proposal!.pattern, proposal!.groupCount, proposal!.verdict], ['^_(\\d+)_', 8, 'confirmed']);
  assert.deepEqual([confirmed.groups.pattern, confirmed.groups.count], ['^_(\\d+)_', 8]);
  assert.equal(confirmed.files.find(({ path }) => path === 'odd/_2_11.jpg')!.group, 'odd/2');
  const refuted = await auditPictures(bad);
  assert.equal(refuted.nameProposals[0]!.verdict, 'refuted');
  assert.deepEqual([refuted.groups.source, refuted.groups.count], ['pictures', 8]);
  assert.match(refuted.groups.reason, /pictures refute it/);
});

test('formats and samples that only the decoder of training reads', async () => {
  const folder = temporaryFolder();
  const { data } = smear(3);
  const plane = (channel: number) => Uint16Array.from({ length: 128 * 128 }, (_, at) => data[at * 3 + channel]! * 16);
  const stack = new Uint16Array(128 * 128 * 6);
  // Of 12 bits, as cameras of microscopes give them: a shift to 8 bits would leave them nearly black.
  for (let channel = 0; channel < 6; channel++) {
    for (const [at, value] of plane(channel % 3).entries()) stack[at * 6 + channel] = value;
  }
  const size = { width: 128, height: 128 };
  const fractions = Float32Array.from(plane(1), (value) => value / 1e6);
  const values = Array.from({ length: 128 * 128 }, (_, at) => data[at * 3 + 1]!);
  const greys = Array.from({ length: 256 }, (_, value) => [value, value, value]);
  await writeFiles(folder, {
    'cells/stack.tif': writeTiff({ data: stack, ...size, channels: 6 }),
    'cells/one.tif': writeTiff({ data: fractions, ...size, channels: 1 }, { data: fractions, ...size, channels: 1 }),
    'cells/grey.bmp': writeBmp({ places: values, colours: greys, ...size, bits: 8 }),
    'cells/colour.jpg': jpeg(smear(3)),
  });
  const { files, skipped, copies } = await auditPictures(folder);
  assert.deepEqual(skipped, []);
  const facts = files.map(({ path, format, mode, pages, width, height }) => [path, format, mode, pages, width, height]);
  assert.deepEqual(facts, [
    ['cells/colour.jpg', 'jpeg', 'rgb', 1, 128, 128],
    ['cells/grey.bmp', 'bmp', 'rgb', 1, 128, 128],
    ['cells/one.tif', 'tiff', 'float grayscale', 2, 128, 128],
    ['cells/stack.tif', 'tiff', '16-bit 6 channels', 1, 128, 128],
  ]);
  assert.ok(
    files.every(({ flags }) => !flags.includes('dark')),
    'deep samples are stretched to their own range',
  );
  // The same cell in four kinds of file.
  assert.deepEqual(
    copies.sets.map((set) => set.files.length),
    [4],
  );
});

test('bursts of a camera are groups where their pictures are alike', async () => {
  const folder = temporaryFolder();
  const shot = async (number: number, gain: number, time: string) => {
    const { data, height, width } = smear(number);
    const IFD0 = { Make: 'Acme', Model: 'One', DateTime: `2024:05:17 ${time}` };
    return await sharp(data, { raw: { width, height, channels: 3 } })
      .linear([gain, 1, 1.4 - gain], [0, 0, 0])
      .withExif({ IFD0 })
      .jpeg()
      .toBuffer();
  };
  for (let scene = 0; scene < 8; scene++) {
    for (let frame = 0; frame < 2; frame++) {
      // Another cell in the second frame, of the same kind and under the same light: no copy.
      const picture = shot(5 * scene + 140 * frame, 0.4 + scene / 12, `09:${10 + scene}:0${2 * frame}`);
      await writeFiles(folder, { [`cells/x${scene * 31 + frame * 7}.jpg`]: picture });
    }
  }
  const { groups, files, copies } = await auditPictures(folder);
  assert.deepEqual(copies.sets, []);
  assert.deepEqual([groups.source, groups.count, groups.groupedFiles], ['capture times', 8, 16]);
  assert.match(groups.reason, /^8 bursts: one camera, at most 5 seconds between two pictures/);
  assert.deepEqual([files[0]!.camera, files[0]!.takenAt], ['Acme One', '2024:05:17 09:10:00']);
});

test('likely wrong labels from a table of predictions', async () => {
  const folder = temporaryFolder();
  const lines = ['path,cats,dogs'];
  for (let number = 0; number < 6; number++) {
    await writeFiles(folder, {
      [`cats/${number}.jpg`]: jpeg(smear(number)),
      [`dogs/${number}.jpg`]: jpeg(smear(number + 6)),
    });
    lines.push(`cats/${number}.jpg,${number === 4 ? '0.05,0.95' : '0.9,0.1'}`, `dogs/${number}.jpg,0.2,0.8`);
  }
  const predictions = join(folder, 'predictions.csv');
  writeFileSync(predictions, lines.join('\r\n'));
  const report = await auditPictures(folder, { predictions });
  assert.deepEqual(report.labelIssues, [{ path: 'cats/4.jpg', className: 'cats', suggested: 'dogs', margin: -0.9 }]);

  writeFileSync(predictions, 'path,cats\ncats/0.jpg,1');
  await assert.rejects(auditPictures(folder, { predictions }), /received a table without dogs/);
  writeFileSync(predictions, 'path,cats,dogs\ncats/0.jpg,1,2');
  await assert.rejects(
    auditPictures(folder, { predictions }),
    /expected probabilities from 0 to 1, received "2" in line 2/,
  );
  await assert.rejects(
    auditPictures(folder, { predictions: 'nowhere.csv' }),
    /nowhere.csv: expected a CSV file of predictions, received ENOENT.*Check the path/,
  );
});

test('labels that were swapped are listed, whatever the classes are called', async () => {
  const folder = temporaryFolder();
  // As the columns of the table itself are called.
  const classNames = ['class', 'file', 'path', 'predicted'];
  const { kinds, labels, probabilities } = plantLabelErrors(100, 22);
  const names = labels.map((label, example) => `${classNames[label]}/${example}.png`);
  const raw = { width: 16, height: 16, channels: 3 } as const;
  for (const [example, name] of names.entries()) {
    await writeFiles(folder, { [name]: sharp(smear(example, 16).data, { raw }).png().toBuffer() });
  }
  const predictions = join(temporaryFolder(), 'predictions.csv');
  writeFileSync(predictions, formatPredictions({ classNames, names, trueClasses: labels, probabilities }));
  const { labelIssues } = await auditPictures(folder, { predictions });
  const isSwapped = (name: string) => labels[names.indexOf(name)] !== kinds[names.indexOf(name)];
  const hits = labelIssues!.filter(({ path }) => isSwapped(path));
  assert.equal(names.filter(isSwapped).length, 5);
  assert.ok(hits.length >= 4, `recall ${hits.length} of 5`);
  assert.ok(hits.length / labelIssues!.length >= 0.8, `precision ${hits.length} of ${labelIssues!.length}`);
  for (const { path, suggested } of hits) assert.equal(suggested, classNames[kinds[names.indexOf(path)]!]);

  writeFileSync(predictions, 'path,class,predicted,file\nclass/0.png,class,class,1');
  await assert.rejects(auditPictures(folder, { predictions }), /received a table without path\./);
});

test('what is no audit, and a signal', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'audit.json');
  await assert.rejects(readAudit(path), /expected the audit.json that "cajal audit" writes/);
  writeFileSync(path, '{"version": 2}');
  await assert.rejects(readAudit(path), /expected an audit of version 1, received 2/);
  await writeFiles(folder, { 'cats/1.jpg': jpeg(smear(1)) });
  await assert.rejects(
    auditPictures(folder, { signal: AbortSignal.abort() }),
    /auditPictures: stopped after 1 of 1 pictures/,
  );
});
