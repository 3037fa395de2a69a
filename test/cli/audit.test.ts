// Protects what a person sees of an audit: the findings in order, with numbers, examples and the command that mends them.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import sharp from 'sharp';
import { copyClean, readAudit } from '../../src/audit/node/index.ts';
import { changedCopy, numbersFrom, smear } from '../audit/changed-copies.ts';
import { temporaryFolder, writeFiles } from '../data/node/picture-folder.ts';
import { realData } from '../data/node/real-data.ts';
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

describe('the page', () => {
  test('has the findings and the pictures, and needs nothing else', async () => {
    const { code, notes } = await run(['audit', pictures, '--out', auditFile()]);
    assert.equal(code, 0, notes);
    const page = readFileSync(path.join(root, 'audit.html'), 'utf8');
    for (const heading of [
      'Copies with different labels',
      'The same file several times',
      'Groups: what belongs together',
      'Odd pictures',
      'Files that are left out',
    ]) {
      assert.ok(page.includes(`<h2>${heading}</h2>`), heading);
    }
    assert.match(page, /<h1>Audit of <bdi>a cell&#39;s pictures<\/bdi><\/h1>/);
    assert.match(page, /--split grouped --audit/);
    assert.ok((page.match(/<img src="data:image\/jpeg;base64,/g) ?? []).length >= 10);
    assert.equal((page.match(/<svg/g) ?? []).length, 2);
    assert.doesNotMatch(page, /(src|href)="(?!data:)/);
    assert.doesNotMatch(page, /cannot be shown/);
    assert.ok(page.length < 2e6);
    assert.match(notes, /a page with pictures in .*audit\.html/);
  });
});

describe('--fix', () => {
  const listOf = (folder: string) => readdirSync(folder, { recursive: true }).map(String).sort();

  test('list writes what to do with which file', async () => {
    const before = listOf(pictures);
    const { code, notes } = await run(['audit', pictures, '--out', auditFile(), '--fix', 'list']);
    assert.equal(code, 0, notes);
    const lines = readFileSync(path.join(root, 'audit-fixes.csv'), 'utf8').trimEnd().split('\n');
    assert.equal(lines[0], 'folder,path,problem,proposal');
    assert.match(lines[1]!, /^training,long\/broken\.png,.*undecodable.*,leave out$/);
    assert.ok(lines.includes('training,long/wrong.png,"copies lie in classes long, round",leave out'));
    assert.ok(lines.includes('training,long/r2.png,the same file as long/r1.png,leave out'));
    assert.ok(lines.includes('training,long/dark.png,very dark,look'));
    assert.deepEqual(listOf(pictures), before);
  });

  test('copy leaves out copies, conflicts and broken files, and writes over nothing', async () => {
    const before = listOf(pictures);
    const clean = path.join(root, 'clean');
    const place = process.cwd();
    process.chdir(root);
    try {
      const { code, notes } = await run(['audit', pictures, '--fix', 'copy', '--out', clean]);
      assert.equal(code, 0, notes);
      assert.match(notes, /12 pictures copied to .*clean, 5 files left out; nothing else was changed\./);
      assert.deepEqual(listOf(path.join(clean, 'long')), ['dark.png', 'r1.png']);
      const round = listOf(path.join(clean, 'round'));
      assert.equal(round.length, 10);
      assert.ok(!round.includes('p0.png') && !round.includes('q0.png'));
      assert.deepEqual(listOf(pictures), before);
      const again = await run(['audit', pictures, '--fix', 'copy', '--out', clean]);
      assert.equal(again.code, 3);
      assert.match(again.notes, /expected an empty or a new folder for the cleaned copy/);
      const inside = await run(['audit', pictures, '--fix', 'copy', '--out', path.join(pictures, 'clean')]);
      assert.equal(inside.code, 2);
      assert.match(inside.notes, /expected a place outside of .* for the cleaned copy/);
      const nowhere = await run(['audit', pictures, '--fix', 'copy']);
      assert.equal(nowhere.code, 2);
      assert.match(nowhere.notes, /--fix copy needs a place for the cleaned copy/);
      const stopped = new AbortController();
      stopped.abort();
      const report = await readAudit(path.join(root, 'audit.json'));
      await assert.rejects(
        copyClean(report, path.join(root, 'other'), { signal: stopped.signal }),
        /audit: stopped after 0 of 12 copies/,
      );
    } finally {
      process.chdir(place);
    }
  });
});

describe('a table of labels', () => {
  test("R's summary, and what to fix", async () => {
    const lines = [
      ',Image,Category',
      ...Array.from({ length: 12 }, (_, row) => `,p${row}.png,${row < 8 ? 'ROUND' : 'LONG'}`),
      ',p12.png,',
      ',p13.png,"ROUND, LONG"',
      ',p14.png,"LONG,LONG"',
      ',p0.png,LONG',
      ',p1.png,ROUND',
      ',gone.png,round',
    ];
    const table = path.join(root, 'labels.csv');
    writeFileSync(table, `\ufeff${lines.join('\r\n')}\r\n`);
    await writeFiles(root, Object.fromEntries(Array.from({ length: 15 }, (_, row) => [`p${row}.png`, 'x'])));
    const { code, out, notes } = await run(['audit', table]);
    assert.equal(code, 0, notes);
    assert.match(out, /labels\.csv: 18 rows in 3 columns\. 15 of them have one label, of 3 classes\./);
    assert.match(out, /^ {4}X .*Image .*Category/m);
    assert.match(out, / {2}:1 {2}\n.* LONG {7}:5 {2}\n/);
    const expected = [
      '✗ 1 of 18 rows have no Category.\n    line 14\n',
      '✗ 2 rows have several labels in one cell, 1 of them the same class twice',
      '✗ round: 1, LONG: 5, ROUND: 9: too few pictures to learn these classes',
      '✗ 1 picture has several rows with different labels.\n    p0.png: lines 2, 17\n',
      '✗ 1 of 16 pictures are not there.\n    gone.png\n',
      '! "ROUND" and "round" differ in upper and lower case only',
      '! 1 picture has several rows that say the same.\n    p1.png: lines 3, 18\n',
      '· Column X is empty in all 18 rows.',
    ];
    let from = 0;
    for (const text of expected) {
      from = out.indexOf(text, from);
      assert.ok(from >= 0, `${text}\n${out}`);
    }
    const json = JSON.parse((await run(['audit', table, '--json'])).out);
    assert.deepEqual([json.rowCount, json.labelColumn, json.columns[0].kind], [18, 'Category', 'logical']);
    const unknown = await run(['audit', table, '--label-column', 'Kind']);
    assert.equal(unknown.code, 2);
    assert.match(unknown.notes, /expected a column "Kind"/);
  });

  const real = realData('blood-cells/labels.csv');
  test('the labels of blood cells', { skip: real.skip }, async () => {
    const { out } = await run(['audit', real.path]);
    assert.ok(
      out.includes(
        [
          '    X               Image             Category  ',
          ' Mode:logical   Min.   :  0.0   NEUTROPHIL:207  ',
          " NA's:411       1st Qu.:102.5   EOSINOPHIL: 88  ",
          '                Median :205.0             : 44  ',
          '                Mean   :205.0   LYMPHOCYTE: 33  ',
          '                3rd Qu.:307.5   MONOCYTE  : 21  ',
          '                Max.   :410.0   BASOPHIL  :  3  ',
          '                                (Other)   : 15  ',
          '',
        ].join('\n'),
      ),
      out,
    );
    assert.match(out, /✗ 44 of 411 rows have no Category/);
    assert.match(out, /✗ 15 rows have several labels in one cell/);
    assert.match(out, /✗ BASOPHIL: 3: too few pictures/);
  });
});
