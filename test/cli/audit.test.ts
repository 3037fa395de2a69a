// Protects what a person sees of an audit: the findings in order, with numbers, examples and the command that mends them.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import sharp from 'sharp';
import { changedCopy, numbersFrom, smear } from '../audit/changed-copies.ts';
import { temporaryFolder, writeFiles } from '../data/node/picture-folder.ts';
import { run } from './command-line.ts';

const png = ({ data, height, width }: ReturnType<typeof smear>) =>
  sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();

let root = '';
let pictures = '';

before(async () => {
  root = temporaryFolder();
  pictures = path.join(root, "a cell's pictures");
  const random = numbersFrom(3);
  const files: Record<string, Buffer | string> = {};
  for (let index = 0; index < 6; index++) {
    files[`round/p${index}.png`] = await png(smear(index));
    files[`round/q${index}.png`] = await png(changedCopy(smear(index), random));
  }
  files['long/r1.png'] = await png(smear(20));
  files['long/r2.png'] = await png(smear(20));
  files['long/wrong.png'] = await png(changedCopy(smear(0), random));
  files['long/broken.png'] = (await png(smear(21))).subarray(0, 500);
  files['long/dark.png'] = await sharp({ create: { width: 90, height: 90, channels: 3, background: '#020202' } })
    .png()
    .toBuffer();
  await writeFiles(pictures, files);
});

const auditFile = () => path.join(root, 'audit.json');

describe('the report in the terminal', () => {
  test('problems first, with numbers, files and commands', async () => {
    const { code, out, notes } = await run(['audit', pictures, '--out', auditFile()], {}, { columns: 80 });
    assert.equal(code, 0, notes);
    assert.match(out, /16 pictures in 2 classes/);
    assert.match(out, /round +12 +75 % +█{30}\n/);
    assert.match(out, /✗ 3 pictures in 1 set of copies lie in several classes/);
    assert.match(out, /✗ 16 pictures come from 8 groups; 15 pictures \(94 %\)/);
    assert.ok(out.includes(`cajal train '${pictures.replace("'", "'\\''")}' --split grouped --audit ${auditFile()}\n`));
    assert.match(out, /! 1 picture cannot be used: 1 undecodable\.\n {4}long\/broken\.png \(/);
    assert.match(out, /! 2 files are 1 picture: .*\n {4}long\/r1\.png = long\/r2\.png\n/);
    assert.match(out, /! round has 12 pictures, long 4: 3\.0 times as many/);
    assert.match(out, /· 1 picture \(6\.3 %\) is very dark\.\n {4}long\/dark\.png/);
    const marks = [...out.matchAll(/^([✗!·]) /gm)].map(([, mark]) => mark).join('');
    assert.match(marks, /^✗+!+·+$/);
    for (const line of out.split('\n')) {
      const isPath = line.includes(root) || line.includes('cajal ');
      assert.ok(isPath || line.length <= 80, line);
    }
  });

  test('as JSON, for programs', async () => {
    const { out } = await run(['audit', pictures, '--out', auditFile(), '--json']);
    const { event, findings, files } = JSON.parse(out);
    assert.deepEqual([event, files.length], ['audit', 16]);
    assert.deepEqual(
      findings.map((finding: { kind: string; severity: string }) => `${finding.severity}: ${finding.kind}`).slice(0, 4),
      ['problem: conflict', 'problem: groups', 'caution: broken', 'caution: duplicates'],
    );
    assert.ok(existsSync(auditFile()));
    assert.equal(JSON.parse(readFileSync(auditFile(), 'utf8')).version, 1);
  });
});
