// Protects that tables are summed up as R's summary() prints a data frame. There is no R where this was written: the expected
// texts of cars, women, chickwts and iris are those of R's own documentation, the others follow from its format.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { csvParseRows } from 'd3-dsv';
import { formatNumbers, quantile } from '../../src/audit/column-summary.ts';
import { formatSummary, readColumns } from '../../src/audit/index.ts';
import { columnNames } from '../../src/audit/table-summary.ts';
import { realData } from '../data/node/real-data.ts';

const summaryOf = (text: string, width?: number) => {
  const [header = [], ...rows] = csvParseRows(text);
  return formatSummary(readColumns(header, rows), width);
};
const words = (text: string) => text.trim().split(/\s+/);
const columns = (names: string, ...lists: string[][]) =>
  [names, ...lists[0]!.map((_, row) => lists.map((list) => list[row]).join(','))].join('\n');

test('numbers: cars and women', () => {
  const speed = words(
    '4 4 7 7 8 9 10 10 10 11 11 12 12 12 12 13 13 13 13 14 14 14 14 15 15 15 16 16 17 17 17 18 18 18 18 19 19 19 20 20 20 20 20 22 23 24 24 24 24 25',
  );
  const dist = words(
    '2 10 4 22 16 10 18 26 34 17 28 14 20 24 28 26 34 34 46 26 36 60 80 20 26 54 32 40 32 40 50 42 56 76 84 36 46 68 32 48 52 56 64 66 54 70 92 93 120 85',
  );
  assert.equal(
    summaryOf(columns('speed,dist', speed, dist)),
    [
      '     speed           dist       ',
      ' Min.   : 4.0   Min.   :  2.00  ',
      ' 1st Qu.:12.0   1st Qu.: 26.00  ',
      ' Median :15.0   Median : 36.00  ',
      ' Mean   :15.4   Mean   : 42.98  ',
      ' 3rd Qu.:19.0   3rd Qu.: 56.00  ',
      ' Max.   :25.0   Max.   :120.00  ',
      '',
    ].join('\n'),
  );
  const height = Array.from({ length: 15 }, (_, row) => String(58 + row));
  const weight = words('115 117 120 123 126 129 132 135 139 142 146 150 154 159 164');
  assert.equal(
    summaryOf(columns('height,weight', height, weight)),
    [
      '     height         weight     ',
      ' Min.   :58.0   Min.   :115.0  ',
      ' 1st Qu.:61.5   1st Qu.:124.5  ',
      ' Median :65.0   Median :135.0  ',
      ' Mean   :65.0   Mean   :136.7  ',
      ' 3rd Qu.:68.5   3rd Qu.:148.0  ',
      ' Max.   :72.0   Max.   :164.0  ',
      '',
    ].join('\n'),
  );
});

test('factors: chickwts', () => {
  const weights: Record<string, string> = {
    horsebean: '179 160 136 227 217 168 108 124 143 140',
    linseed: '309 229 181 141 260 203 148 169 213 257 244 271',
    soybean: '243 230 248 327 329 250 193 271 316 267 199 171 158 248',
    sunflower: '423 340 392 339 341 226 320 295 334 322 297 318',
    meatmeal: '325 257 303 315 380 153 263 242 206 344 258',
    casein: '368 390 379 260 404 318 352 359 216 222 283 332',
  };
  const rows = Object.entries(weights).flatMap(([feed, list]) => words(list).map((weight) => `${weight},${feed}`));
  assert.equal(
    summaryOf(['weight,feed', ...rows].join('\n')),
    [
      '     weight             feed   ',
      ' Min.   :108.0   casein   :12  ',
      ' 1st Qu.:204.5   horsebean:10  ',
      ' Median :258.0   linseed  :12  ',
      ' Mean   :261.3   meatmeal :11  ',
      ' 3rd Qu.:323.5   soybean  :14  ',
      ' Max.   :423.0   sunflower:12  ',
      '',
    ].join('\n'),
  );
});

test('missing values, blanks, logical columns, text, and the other categories', () => {
  const names = 'a a a a a b b b b c c c d d e f g NA';
  const kinds = words(names).map((kind, row) => (row === 17 ? 'NA' : kind === 'd' ? '' : kind));
  const numbers = kinds.map((_, row) => (row === 0 ? '' : String(row / 2)));
  const flags = kinds.map((_, row) => (row < 3 ? 'TRUE' : 'FALSE'));
  const empty = kinds.map(() => '');
  assert.equal(
    summaryOf(columns(',half,is it,kind', empty, numbers, flags, kinds)),
    [
      '    X                half       is.it              kind  ',
      ' Mode:logical   Min.   :0.5   Mode :logical   a      :5  ',
      " NA's:18        1st Qu.:2.5   FALSE:15        b      :4  ",
      '                Median :4.5   TRUE :3         c      :3  ',
      '                Mean   :4.5                          :2  ',
      '                3rd Qu.:6.5                   e      :1  ',
      '                Max.   :8.5                   (Other):2  ',
      "                NA's   :1                     NA's   :1  ",
      '',
    ].join('\n'),
  );
  const paths = Array.from({ length: 30 }, (_, row) => `picture ${row}.png`);
  assert.equal(
    summaryOf(columns('path', paths)),
    ['     path          ', ' Length:30         ', ' Class :character  ', ' Mode  :character  ', ''].join('\n'),
  );
});

test('columns beyond the width go below', () => {
  const four = summaryOf('a,b,c,d\n1,2,3,4\n5,6,7,8', 40);
  assert.equal(four.split('\n').length, 2 * 7 + 1);
  assert.ok(four.split('\n').every((line) => line.length <= 40));
});

test('numbers as R formats them', () => {
  const plain = (...values: number[]) => formatNumbers(values).map((text) => text.trim());
  assert.deepEqual(plain(10.4, 15.425, 19.2, 20.090625, 22.8, 33.9), [
    '10.40',
    '15.43',
    '19.20',
    '20.09',
    '22.80',
    '33.90',
  ]);
  assert.deepEqual(plain(71.1, 120.825, 196.3, 230.721875, 326, 472), [
    '71.1',
    '120.8',
    '196.3',
    '230.7',
    '326.0',
    '472.0',
  ]);
  assert.deepEqual(plain(0, 1e10), ['0e+00', '1e+10']);
  assert.deepEqual(plain(123456, 1), ['123456', '1']);
  assert.deepEqual(plain(Number.NaN, Number.POSITIVE_INFINITY, 1.5), ['NaN', 'Inf', '1.5']);
  assert.equal(quantile([1, 2, 3, 4], 0.25), 1.75);
});

test('names of columns', () => {
  assert.deepEqual(columnNames(['', 'a b', '1st', 'a b', '_x', '']), ['X', 'a.b', 'X1st', 'a.b.1', 'X_x', 'X.1']);
});

const iris = realData('iris/Iris.csv');
test('iris', { skip: iris.skip }, () => {
  const text = summaryOf(readFileSync(iris.path, 'utf8'));
  assert.match(text, / 1st Qu\.: 38\.25 {3}1st Qu\.:5\.100 /);
  assert.match(text, / Min\. {3}:0\.100 {3}Iris-setosa {4}:50 {2}\n/);
});
