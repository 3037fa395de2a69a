// Protects tables of pictures: which columns are meant, how dirty tables are read, and that every row that is not used is
// accounted for.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { DataError, FormatError, OptionError } from '../../../src/core/errors.ts';
import { folder as openFolder } from '../../../src/data/node/folder.ts';
import { fromCsv } from '../../../src/data/node/from-csv.ts';
import { type ScanCsvOptions, scanCsv } from '../../../src/data/node/scan-csv.ts';
import { scanSameClasses } from '../../../src/data/node/scan-pictures.ts';
import { plain, temporaryFolder, writeFiles } from './picture-folder.ts';
import { realData } from './real-data.ts';

/** A folder of eight pictures in `pictures/`, and a table beside it. */
async function withTable(table: string | Uint8Array, name = 'labels.csv'): Promise<string> {
  const folder = temporaryFolder();
  const names = ['0', '1', '2', '3', 'a b, c', 'é', 'x(1)', 'q"q'];
  const pictures = names.map(
    (one, place) =>
      [
        `pictures/${one}.png`,
        plain(place * 20, 9, 9)
          .png()
          .toBuffer(),
      ] as const,
  );
  await writeFiles(folder, { ...Object.fromEntries(pictures), [name]: table });
  return join(folder, name);
}

const listed = async (table: string | Uint8Array, options: ScanCsvOptions = {}, name?: string) => {
  const listing = await scanCsv(await withTable(table, name), options);
  return {
    ...listing,
    named: listing.files.map(({ path, label }) => `${listing.classNames[label]} ${path}`),
    left: listing.skipped.map(({ path, reason, detail }) => `${path}: ${reason}${detail ? ` (${detail})` : ''}`),
  };
};

const refuses = async (
  table: string | Uint8Array,
  message: RegExp,
  options: ScanCsvOptions = {},
  kind: typeof DataError | typeof FormatError | typeof OptionError = FormatError,
) =>
  assert.rejects(scanCsv(await withTable(table), options), (error) => {
    assert.ok(error instanceof kind, String(error));
    assert.match(error.message, message);
    return true;
  });

test('columns are found by name or by what is in them', async () => {
  const expected = ['cat pictures/0.png', 'dog pictures/1.png'];
  const tables = [
    'path,label\npictures/0.png,cat\npictures/1.png,dog\n',
    'Label,File Name\ncat,pictures/0.png\ndog,pictures/1.png',
    'kind,where\ncat,pictures/0.png\ndog,pictures/1.png\n',
    ',note,Category,Image\n0,x,cat,pictures/0\n1,y,dog,pictures/1\n',
    'image;species\r\npictures/0.png;cat\r\npictures/1.png;dog\r\n',
  ];
  for (const table of tables) assert.deepEqual((await listed(table)).named, expected, table);
  const tabs = 'path\tlabel\npictures/0.png\tcat\npictures\\1.png\tdog\n';
  assert.deepEqual((await listed(tabs, {}, 'LABELS.TSV')).named, expected);
  const other = 'a,b,c\npictures/0.png,cat,1\npictures/1.png,dog,2\n';
  assert.deepEqual((await listed(other, { labelColumn: 'b' })).named, expected);
  const two = 'path,mask,label\npictures/0.png,m/0.png,cat\npictures/1.png,m/1.png,dog\n';
  assert.deepEqual((await listed(two)).named, expected);
});

test('line ends, a byte-order mark, quotes, empty lines and blanks around cells', async () => {
  const table =
    '\uFEFFpath,label\r\n\r\n"pictures/a b, c.png", cat \r\n pictures/é.png,dog\r\n"pictures/q""q.png","dog"\r\n,\r\n\r\n';
  const { named, left, warnings } = await listed(table);
  assert.deepEqual(named, ['cat pictures/a b, c.png', 'dog pictures/q"q.png', 'dog pictures/é.png']);
  assert.deepEqual([left, warnings], [[], []]);
  const wide = Buffer.from('\uFEFFpath,label\npictures/0.png,cat\npictures/é.png,dog\n', 'utf16le');
  assert.deepEqual((await listed(wide)).named, ['cat pictures/0.png', 'dog pictures/é.png']);
});

test('rows that cannot be used are accounted for', async () => {
  const table = [
    'image,label',
    'pictures/0,cat',
    'pictures/1,dog',
    'pictures/1,dog',
    'pictures/2,',
    'pictures/3,NA',
    'pictures/x(1),"cat, dog"',
    'pictures/é,dog',
    'pictures/é,cat',
    'pictures/gone,cat',
    ',cat',
  ].join('\n');
  const { named, left, warnings } = await listed(table);
  assert.deepEqual(named, ['cat pictures/0.png', 'dog pictures/1.png']);
  assert.deepEqual(left, [
    'pictures/2: no label',
    'pictures/3: no label',
    'pictures/gone: missing (no such file)',
    'pictures/x(1): several labels (labels cat, dog)',
    'pictures/é: several labels (labels dog, cat)',
  ]);
  assert.match(
    warnings.join('\n'),
    /^1 row\(s\) have no path; they are left out\.\n1 row\(s\) say again what another row says/,
  );
  assert.match(warnings.join('\n'), /1 file\(s\) of .*labels\.csv are missing: pictures\/gone\./);
  await refuses(table, /\(strict\), received 5 that do not: .*gone \(no such file\)/, { strict: true }, DataError);
});

test('classes are sorted, numbers by their value, and may be given', async () => {
  const table = 'path,label\npictures/0.png,10\npictures/1.png,2\npictures/2.png,1\n';
  assert.deepEqual((await listed(table)).classNames, ['1', '2', '10']);
  const given = await listed(table, { classNames: ['10', '7', '2', '1'] });
  assert.deepEqual(given.named, ['10 pictures/0.png', '2 pictures/1.png', '1 pictures/2.png']);
  assert.deepEqual(given.warnings, ['class 7 has no pictures; it still counts as a class.']);
  await refuses(
    table,
    /expected the labels 1, 2, received also 10\. Correct these/,
    { classNames: ['1', '2'] },
    DataError,
  );
  const cases = await listed('path,label\npictures/0.png,Cat\npictures/1.png,cat\n');
  assert.deepEqual(cases.warnings, [
    'classes Cat and cat differ in upper and lower case only; they count as different ones.',
  ]);
  // A comma within a label that no other picture has a part of.
  const comma = await listed('path,label\npictures/0.png,"cat, small"\npictures/1.png,dog\n');
  assert.deepEqual(comma.classNames, ['cat, small', 'dog']);
});

test('tables that cannot be meant', async () => {
  const marks = 'path,MEL,NV,BCC\npictures/0.png,1.0,0.0,0\npictures/1.png,0,1,0\n';
  await refuses(
    marks,
    /expected one label for each picture, received several columns of labels \(MEL, NV, BCC\)\. Pictures with/,
  );
  const kinds = 'path,label_1,label_2\npictures/0.png,cat,small\npictures/1.png,dog,large\n';
  await refuses(kinds, /several columns of labels \(label_1, label_2\)/);
  assert.equal((await listed(kinds, { labelColumn: 'label_2' })).classNames.join(), 'large,small');
  await refuses(
    'path,a,b\npictures/0.png,x,y\n',
    /expected one column of labels, received the columns path, a, b, of which none/,
  );
  await refuses(
    'a,b,label\nx,y,cat\n',
    /expected one column of paths, received the columns a, b, label, of which none is it/,
  );
  await refuses('a,b,label\nx.png,y.png,cat\n', /of which 2 hold names of pictures\. Name it by pathColumn/);
  await refuses(
    'path,label\n',
    /expected a header and a row for each picture, received a header alone\. Write a first line/,
  );
  await refuses('', /received nothing\. Write a first line/);
  await refuses(
    'path,label\na.png,cat,x\n',
    /expected 2 cells in each row as in the header, received 3 in row 2\. Look for/,
  );
  await refuses('path,label\n"a.png,cat\nb.png,dog\n', /received 1 in row 2\. Look for a missing quote/);
  await refuses(
    Uint8Array.from([...Buffer.from('path,label\n'), 0xff, 0xfe, 0x0a]),
    /expected a table in UTF-8, received bytes/,
  );
  await refuses(
    'path,label\nx.png,cat\ny.png,dog\n',
    /expected paths of pictures below .*, received 2 where nothing is: x\.png, y\.png\. Give/,
    {},
    DataError,
  );
  await refuses(
    'path,label\npictures/0.png,cat\n',
    /at least two classes, received pictures of cat only/,
    {},
    DataError,
  );
  await refuses(
    'path,label\nx,y\n',
    /expected a column "lable" \(labelColumn\), received path, label\. Did you mean "label"\?/,
    { labelColumn: 'lable' },
    OptionError,
  );
  await refuses(
    'path,label\nx,y\n',
    /expected a column of paths and another one of labels, received path for both/,
    { labelColumn: 'path' },
    OptionError,
  );
  await assert.rejects(
    scanCsv('none.csv'),
    /none\.csv: expected a CSV file, received a path where nothing is\. Check the path/,
  );
  await assert.rejects(scanCsv(temporaryFolder()), /received a folder\. Check the path/);
});

test('fromCsv gives what folder gives, and folder takes a table too', async () => {
  const rows = ['0', '1', '2', '3', 'é', 'x(1)'].map((name, place) => `${name}.png,${place % 2 ? 'odd' : 'even'}`);
  const path = await withTable(`file,parity\n${rows.join('\n')}\n`);
  const root = join(path, '..', 'pictures');
  const options = { size: 4, validationSplit: 0.34, shuffle: false };
  const { training, validation, classNames, listing, record } = await fromCsv(path, {
    root,
    labelColumn: 'parity',
    pathColumn: 'file',
    ...options,
  });
  assert.deepEqual([training.size, validation!.size, classNames], [4, 2, ['even', 'odd']]);
  assert.equal(listing.folder, root);
  const again = await fromCsv(path, { root, size: 4, record });
  assert.deepEqual(again.split, { ...again.split, training: again.split.training });
  const beside = await withTable(`file,parity\n${rows.map((row) => `pictures/${row}`).join('\n')}\n`);
  const few = await withTable('file,parity\npictures/0.png,even\n');
  const opened = await openFolder(beside, { size: 4, validationFolder: few });
  assert.deepEqual([opened.training.size, opened.validation!.size], [6, 1]);
  assert.deepEqual(opened.validation!.classNames, ['even', 'odd']);
  await assert.rejects(
    scanSameClasses({ folder: 'x', classNames: ['even'] }, beside),
    /expected the labels even, received also odd/,
  );
});

const table = realData('blood-cells/labels.csv');
test('the original labels of the blood cells name pictures that are not there', { skip: table.skip }, async () => {
  await assert.rejects(
    scanCsv(table.path),
    /expected one column of paths|expected paths of pictures below .* received 3\d\d where nothing is/,
  );
});
