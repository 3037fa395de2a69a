/** Protects report.html: one well-formed file without scripts or requests, with every number of its data in words, and safe
 * from hostile names. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHTML } from 'linkedom';
import sharp from 'sharp';
import { formatClassificationReport } from '../../src/nn/metrics/classification-report.ts';
import { encodePicture } from '../../src/runs/encode-picture.ts';
import { summarizeEvaluation } from '../../src/runs/evaluation.ts';
import { chartedKeys } from '../../src/runs/learning-curves.ts';
import { renderReport } from '../../src/runs/render-report.ts';
import type { ReportData } from '../../src/runs/report-data.ts';
import { englishText } from '../../src/runs/report-text.ts';
import { makeReportData, plainPicture } from './report-fixture.ts';

const voidElements = new Set(['meta', 'img', 'br', 'hr', 'link', 'input', 'col']);

/** Fails where an element is not closed, or closed out of turn; returns how often each element occurs. */
function checkWellFormed(page: string): Map<string, number> {
  const open: string[] = [];
  const counts = new Map<string, number>();
  const text = page.replace(/<style>[\s\S]*?<\/style>/g, '').replace('<!doctype html>', '');
  for (const [tag, slash, name = '', rest = ''] of text.matchAll(/<(\/?)([a-zA-Z][\w:-]*)((?:"[^"]*"|[^">])*)>/g)) {
    if (slash) assert.equal(open.pop(), name, `${tag} closes another element`);
    else {
      counts.set(name, (counts.get(name) ?? 0) + 1);
      assert.match(rest, /^(\s+[\w:-]+="[^"<]*")*\s*\/?$/, `attributes of ${tag.slice(0, 200)}`);
      if (!voidElements.has(name) && !rest.endsWith('/')) open.push(name);
    }
  }
  assert.deepEqual(open, []);
  const outside = text.replace(/<\/?[a-zA-Z](?:"[^"]*"|[^">])*>/g, '');
  assert.doesNotMatch(outside, /[<>]/, 'no bare angle brackets');
  return counts;
}

async function render(changes: Partial<ReportData> = {}) {
  const page = await renderReport(makeReportData(changes));
  const counts = checkWellFormed(page);
  const { document } = parseHTML(page);
  const textOf = (selector: string) => document.querySelector(selector)?.textContent.replace(/\s+/g, ' ').trim() ?? '';
  const warnings = [...document.querySelectorAll('.warnings li')].map((item) => String(item.textContent));
  return { page, counts, document, textOf, warnings };
}

test('the page is one file: no script, nothing from elsewhere, and a policy that says so', async () => {
  const { page, counts, document } = await render();
  assert.equal(counts.get('script'), undefined);
  assert.equal(counts.get('link'), undefined);
  assert.doesNotMatch(page.replaceAll('http://www.w3.org/2000/svg', ''), /https?:|url\(|@import/);
  for (const image of document.querySelectorAll('img')) {
    assert.match(image.getAttribute('src') ?? '', /^data:image\/(png|jpeg);base64,/);
    assert.notEqual(image.getAttribute('alt'), '');
  }
  const policy = document.querySelector('meta[http-equiv="Content-Security-Policy"]')?.getAttribute('content');
  assert.match(policy ?? '', /^default-src 'none'; img-src data:; style-src 'unsafe-inline';/);
  assert.match(page, /prefers-color-scheme: dark/);
  assert.equal(document.documentElement.getAttribute('lang'), 'en');
});

test('the verdict says in one sentence what was measured', async () => {
  const { textOf } = await render();
  const spaces = (text: string) => text.replaceAll('\u202f', ' ');
  assert.equal(
    spaces(textOf('.verdict')),
    'On 8 pictures from 3 slides that it never saw, the model was right in 75.0 % (95 % interval 40.9–92.9 %); always answering “neutrophil” would be right in 50.0 %.',
  );
  const { evaluation } = makeReportData();
  const unknown = await render({ evaluation: { ...evaluation!, subset: 'new', seen: 'unknown' } });
  assert.match(spaces(unknown.textOf('.verdict')), /^On 8 pictures, the model was right in 75\.0 %/);
  const training = await render({ evaluation: { ...evaluation!, subset: 'training', seen: 'training' } });
  assert.match(training.textOf('.verdict'), /^On 8 pictures from 9 slides that it was trained on, /);
  assert.ok(training.warnings.some((warning) => /say nothing about new ones/.test(warning)));
});

test("the report stands there as scikit-learn's text and as a table", async () => {
  const { document } = await render();
  const { evaluation } = makeReportData();
  const texts = [...document.querySelectorAll('pre')].map((element) => element.textContent);
  assert.ok(texts.includes(formatClassificationReport(evaluation!.report)));
  const rows = [...document.querySelectorAll('table.numbers tr')].map((row) =>
    [...row.querySelectorAll('th,td')].map((cell) => cell.textContent),
  );
  assert.deepEqual(rows[2], ['monocyte', '0.50', '0.50', '0.50', '2']);
});

test('the matrix holds counts and shares of rows', async () => {
  const { document } = await render();
  const cells = [...document.querySelectorAll('.matrix tbody tr')].map((row) =>
    [...row.querySelectorAll('td')].map((cell) => cell.textContent.replaceAll('\u202f', ' ')),
  );
  assert.deepEqual(cells, [
    ['2100.0 %', '00.0 %', '00.0 %'],
    ['00.0 %', '150.0 %', '150.0 %'],
    ['00.0 %', '125.0 %', '375.0 %'],
  ]);
  assert.equal(document.querySelectorAll('.matrix td.right').length, 3);
  assert.equal(document.querySelectorAll('.matrix td.strong').length, 2);
});

test('charts are pictures with the data in their words and in their lines', async () => {
  const { document } = await render();
  const charts = [...document.querySelectorAll('svg')];
  assert.equal(charts.length, 4, 'interval, loss, accuracy, counts');
  for (const chart of charts) {
    assert.equal(chart.getAttribute('role'), 'img');
    assert.ok(chart.querySelector('title')?.textContent);
    assert.ok(chart.getAttribute('aria-label')?.includes(chart.querySelector('desc')!.textContent));
  }
  const loss = charts[1]!;
  assert.equal(
    loss.getAttribute('aria-label'),
    'loss by epoch. training starts at 1.250 and ends at 0.5000 (lowest 0.5000, highest 1.250); validation starts at 1.500 and ends at 0.6875 (lowest 0.6250, highest 1.500). Epoch 3 is marked as the best.',
  );
  const lines = [...loss.querySelectorAll('[aria-label=line] path')].map((path) => path.getAttribute('d') ?? '');
  assert.equal(lines.length, 2);
  for (const line of lines) assert.equal(line.split(/[ML]/).length - 1, 4, 'a point for each epoch');
  const heights = lines.map((line) => [...line.matchAll(/,([\d.]+)/g)].map(([, y]) => Number(y)));
  assert.ok(heights[0]![0]! < heights[0]![3]!, 'the training loss falls');
  assert.ok(heights[1]![3]! < heights[1]![2]!, 'the validation loss ends above its best');
  assert.match(loss.textContent, /best: 3/);
  assert.match(charts[3]!.getAttribute('aria-label')!, /lymphocyte: training 30, validation 2; monocyte: training 20/);
  const widths = [...charts[3]!.querySelectorAll('rect')].map((bar) => Number(bar.getAttribute('width')));
  assert.equal(widths.length, 6);
  assert.ok(Math.max(...widths) === widths[2], 'neutrophil has the longest bar');
  assert.ok(!charts.some((chart) => /NaN|undefined/.test(chart.outerHTML)));
});

test('every value of every epoch is in the table below the charts', async () => {
  const { document } = await render();
  const best = document.querySelector('tr.best');
  assert.deepEqual(
    [...best!.querySelectorAll('th,td')].map((cell) => cell.textContent),
    ['3', '0.7500', '0.001000', '0.7500', '0.7500', '0.6250'],
  );
});

test('charts stand also for one epoch, values that are no numbers, and large ranges', async () => {
  const one = await render({ history: [{ epoch: 1, loss: 0.5 }], monitor: { key: 'loss', bestEpoch: 1 } });
  assert.match(one.page, /training starts at 0\.5000/);
  const strange = [1e6, Number.NaN, 10, 0.001].map((loss, index) => ({ epoch: index + 1, loss, lr: 1 / (index + 1) }));
  const { document } = await render({ history: strange });
  const labels = [...document.querySelectorAll('svg')].map((chart) => chart.getAttribute('aria-label') ?? '');
  assert.ok(labels.some((label) => label.startsWith('loss by epoch, logarithmic scale. training starts at 1,000,000')));
  assert.ok(
    labels.some((label) => label.startsWith('lr by epoch.')),
    'a learning rate that changes has a chart',
  );
  const bad = await render({ history: [{ epoch: 1, loss: Number.NaN }] });
  assert.doesNotMatch(bad.page, /Infinity|="NaN|>NaN,/);
  const long = Array.from({ length: 300 }, (_, index) => ({ epoch: index + 1, loss: 1 / (index + 1) }));
  const { document: longPage } = await render({ history: long });
  assert.equal(longPage.querySelectorAll('svg')[1]!.querySelectorAll('circle').length, 0, 'no points on long lines');
});

test('the loss is the first chart; constants and validation values have none of their own', () => {
  assert.deepEqual(chartedKeys(makeReportData().history), ['loss', 'accuracy']);
  assert.deepEqual(chartedKeys([{ epoch: 1, val_loss: 1 }]), ['val_loss']);
});

test('hostile names of files and classes stay text', async () => {
  const evil = `"><script>alert(1)</script><img src=x onerror='alert(2)'>\u0000`;
  const classNames = [evil, '</title></desc></svg><script>1</script>', ']]>&amp;'];
  const summary = summarizeEvaluation({
    classNames,
    trueClasses: [0, 1, 2, 2],
    predictedClasses: [1, 1, 2, 0],
    trainingCounts: [9, 1, 1],
  });
  const picture = plainPicture(70, 70, 9);
  const { document, counts } = await render({
    title: evil,
    runName: evil,
    command: evil,
    classNames,
    groupNoun: [evil, evil],
    skippedFiles: [{ file: evil, reason: evil }],
    warnings: [evil],
    history: [{ epoch: 1, loss: 1, val_loss: 1, [evil]: 1 }],
    monitor: { key: `val_${evil}`, bestEpoch: 1 },
    evaluation: { ...summary, subset: 'validation', seen: 'never', values: { [evil]: 1 } },
    subsets: [
      { name: evil, counts: [1, 2, 3], groups: 1 },
      { name: 'validation', counts: [1, 1, 2], groups: 2 },
    ],
    split: { method: 'group', pattern: evil },
    mistakes: [{ picture, file: evil, trueClass: evil, predictedClass: evil, probability: 1, trueProbability: 0 }],
    samples: [{ picture, file: evil, className: evil }],
    firstBatch: [{ picture, file: evil, className: evil }],
    model: { name: evil, inputShape: [1, 1, 3], parameterCount: 1, summary: evil },
    versions: { ...makeReportData().versions, cpu: evil, platform: evil, kernelHash: evil, cajal: evil },
    files: [{ name: `javascript:alert(1)//${evil}`, description: evil }],
  });
  assert.equal(counts.get('script'), undefined);
  assert.equal(document.querySelectorAll('script, [onerror]').length, 0);
  assert.equal(counts.get('img'), 3);
  const names = [...document.querySelectorAll('.matrix tbody th')].map((cell) => cell.textContent);
  assert.deepEqual(names, [evil.replace('\u0000', '\ufffd'), ...classNames.slice(1)]);
  assert.ok([...document.querySelectorAll('svg desc')].at(-1)?.textContent.includes(classNames[2]!));
  const link = document.querySelector('a')?.getAttribute('href') ?? '';
  assert.match(link, /^\.\/javascript%3Aalert\(1\)\/\//);
});

test('what may mislead is said', async () => {
  const data = makeReportData();
  const find = async (changes: Partial<ReportData>, expected: RegExp) => {
    const { warnings } = await render(changes);
    assert.ok(
      warnings.some((warning) => expected.test(warning)),
      `${expected} in ${warnings.join('\n')}`,
    );
  };
  await find({}, /come from only 3 slides/);
  await find({}, /best epoch was chosen by val_loss, on these same pictures/);
  await find({}, /not clearly better than always answering “neutrophil”/);
  await find({ split: { method: 'fraction' } }, /set aside at random.*--group-by/);
  await find({ skippedFiles: [{ file: 'a', reason: 'b' }] }, /^1 file was skipped/);
  await find({ warnings: ['A word of the caller.'] }, /^A word of the caller\.$/);
  await find(
    { ending: { reason: 'interrupted', epochs: 2, plannedEpochs: 4 } },
    /interrupted after 2 of 4 epochs; .*--resume/,
  );
  await find(
    { ending: { reason: 'diverged', epochs: 2, plannedEpochs: 4 } },
    /stopped being a number after 2 of 4 epochs/,
  );
  const rising = [1, 0.5, 0.75, 0.875].map((value, index) => ({
    epoch: index + 1,
    loss: 1 / (index + 1),
    val_loss: value,
  }));
  await find(
    { history: rising },
    /^Over-fitting: the validation loss was lowest in epoch 2 \(0\.5000\) and has risen to 0\.8125/,
  );
  const summary = summarizeEvaluation({
    classNames: data.classNames,
    trueClasses: [0, 0, 0, 0, 1],
    predictedClasses: [0, 0, 0, 0, 0],
    trainingCounts: [1, 9, 9],
  });
  const evaluation = { ...summary, subset: 'validation', seen: 'never' as const, values: {} };
  await find({ evaluation }, /^No picture of neutrophil was among those asked about/);
  await find({ evaluation }, /^The model never answered monocyte\.$/);
});

test('nothing is said where nothing misleads', async () => {
  const classNames = ['a', 'b'];
  const trueClasses = Array.from({ length: 400 }, (_, index) => index % 2);
  const summary = summarizeEvaluation({
    classNames,
    trueClasses,
    predictedClasses: trueClasses,
    trainingCounts: [5, 5],
  });
  const { document, textOf } = await render({
    classNames,
    subsets: [{ name: 'test', counts: [200, 200] }],
    evaluation: { ...summary, subset: 'test', seen: 'never', values: {} },
    mistakes: [],
    monitor: { key: 'loss', bestEpoch: 4 },
  });
  assert.equal(document.querySelector('.warnings'), null);
  assert.match(textOf('main'), /Not one picture was mistaken\./);
});

test('without an evaluation, and without a training, the rest still stands', async () => {
  const data = makeReportData({
    subsets: [{ name: 'training', counts: [1, 2, 3] }],
    split: { method: 'none' },
    mistakes: [],
  });
  delete data.evaluation;
  const { document } = parseHTML(await renderReport(data));
  assert.match(document.querySelector('.verdict')!.textContent, /^No pictures were set aside in this run/);
  assert.match(document.querySelector('.warnings')!.textContent, /Set pictures aside with --val/);
  assert.equal(document.querySelector('.matrix'), null);
  const evaluationOnly = makeReportData({ history: [], firstBatch: [], samples: [], files: [] });
  delete evaluationOnly.ending;
  delete evaluationOnly.monitor;
  const page = await renderReport(evaluationOnly);
  checkWellFormed(page);
  assert.doesNotMatch(page, /How it learned|first training batch|bit for bit/);
});

test('many classes make a dense matrix, very many none', async () => {
  const withClasses = (count: number) => {
    const classNames = Array.from({ length: count }, (_, index) => `class ${index}`);
    const trueClasses = classNames.map((_, index) => index);
    const trainingCounts = classNames.map(() => 1);
    const predictedClasses = trueClasses.map((value) => (value === 0 ? 1 : value));
    const summary = summarizeEvaluation({ classNames, trueClasses, predictedClasses, trainingCounts });
    const evaluation = { ...summary, subset: 'validation', seen: 'never' as const, values: {} };
    return render({ classNames, subsets: [{ name: 'validation', counts: trainingCounts }], evaluation });
  };
  const dense = await withClasses(20);
  assert.equal(dense.document.querySelectorAll('.matrix.dense tbody td').length, 400);
  assert.equal(dense.document.querySelectorAll('.matrix small').length, 0);
  const none = await withClasses(60);
  assert.equal(none.document.querySelector('.matrix'), null);
  assert.match(none.page, /With 60 classes the whole matrix is too large for a page/);
  assert.match(none.page, /class 0 taken for class 1: 1 picture, 100\.0/);
});

test('pictures are shrunk to JPEG, tiny ones kept pixel by pixel', async () => {
  const bytesOf = (address: string) => Buffer.from(address.slice(address.indexOf(',') + 1), 'base64');
  const large = await encodePicture(plainPicture(300, 200, 120), 150);
  assert.match(large, /^data:image\/jpeg;/);
  const { width, height } = await sharp(bytesOf(large)).metadata();
  assert.deepEqual([width, height], [150, 100]);
  const pixels = Uint8Array.from({ length: 4 * 3 * 3 }, (_, index) => index * 7);
  const small = await encodePicture({ width: 4, height: 3, pixels }, 150);
  assert.match(small, /^data:image\/png;/);
  assert.deepEqual(new Uint8Array(await sharp(bytesOf(small)).raw().toBuffer()), pixels);
  await assert.rejects(encodePicture({ width: 2, height: 2, pixels: new Uint8Array(4) }, 9), {
    name: 'ShapeError',
    message: 'encodePicture: expected 2×2×3 bytes, received 4. Give red, green and blue for each pixel.',
  });
  await assert.rejects(
    encodePicture({ width: 0, height: 0, pixels: new Uint8Array(0) }, 9),
    /expected 0×0×3 bytes, received 0/,
  );
});

test('numbers are written for people', () => {
  const plain = (text: string) => text.replaceAll('\u202f', ' ');
  assert.equal(plain(englishText.percent(0.99996)), '> 99.9 %');
  assert.equal(plain(englishText.percent(1)), '100.0 %');
  assert.deepEqual([0.12345, 1234.5, 0, 0.00001, Number.NaN].map(englishText.quantity), [
    '0.1235',
    '1,235',
    '0',
    '1.00e-5',
    'NaN',
  ]);
  assert.deepEqual(
    [3.21, 59, 61, 3725].map((value) => plain(englishText.duration(value))),
    ['3.2 s', '59 s', '1 min 1 s', '1 h 2 min'],
  );
  assert.deepEqual(
    [2 ** 20 * 12, 2 ** 33].map((value) => plain(englishText.bytes(value))),
    ['12 MiB', '8.0 GiB'],
  );
});
