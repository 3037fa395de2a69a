/** The part of the report about the pictures: how many, which, what was skipped, and what the network sees of them. */
import { plotClassCounts, subsetFills } from './count-charts.ts';
import { renderPicture } from './encode-picture.ts';
import { html, htmlName, type Markup } from './html.ts';
import type { LabelledPicture, ReportData } from './report-data.ts';
import type { ReportText } from './report-text.ts';

/** With more classes than this the table says it without a chart. */
const classesInChart = 40;
/** More channels than this are only in report.json. */
const channelsInTable = 8;
/** Longest side of a thumbnail in pixels: about twice its size on the page. */
const thumbnailSide = 180;
/** So many skipped files are named; report.json has them all. */
const skippedNamed = 200;

function renderCounts({ classNames, subsets, groupNoun }: ReportData, text: ReportText): Markup {
  const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
  const hasGroups = subsets.some(({ groups }) => groups !== undefined);
  const [, many] = groupNoun ?? text.defaultGroupNoun;
  const keys = subsets.map(
    ({ name }, position) =>
      html`<span class="key" style="background:${subsetFills[position % subsetFills.length]}"></span>${name} `,
  );
  const chart = html`<figure class="chart wide"><p class="legend" aria-hidden="true">${keys}</p>
    ${classNames.length > 0 && classNames.length <= classesInChart && plotClassCounts(classNames, subsets, text)}</figure>`;
  const table = html`<div class="scroll"><table class="numbers">
    <thead><tr><th scope="col">${text.class}</th>${subsets.map(({ name }) => html`<th scope="col">${name}</th>`)}
      <th scope="col">${text.total}</th></tr></thead>
    <tbody>${classNames.map(
      (name, index) => html`<tr><th scope="row">${htmlName(name)}</th>
        ${subsets.map(({ counts }) => html`<td>${text.number(counts[index] ?? 0)}</td>`)}
        <td>${text.number(total(subsets.map(({ counts }) => counts[index] ?? 0)))}</td></tr>`,
    )}</tbody>
    <tfoot><tr><th scope="row">${text.total}</th>
      ${subsets.map(({ counts }) => html`<td>${text.number(total(counts))}</td>`)}
      <td>${text.number(total(subsets.map(({ counts }) => total(counts))))}</td></tr>
      ${
        hasGroups &&
        html`<tr><th scope="row">${many}</th>
        ${subsets.map(({ groups }) => html`<td>${groups === undefined ? '' : text.number(groups)}</td>`)}
        <td>${text.number(total(subsets.map(({ groups }) => groups ?? 0)))}</td></tr>`
      }</tfoot></table></div>`;
  return html`${chart}${table}`;
}

/** A row for each part, then one for each class of the training pictures. */
function renderStatistics({ statistics, classNames }: ReportData, text: ReportText): Markup | false {
  const { channels, subsets } = statistics ?? { channels: [], subsets: [] };
  if (subsets.length === 0 || channels.length > channelsInTable) return false;
  const classes =
    classNames.length > classesInChart
      ? []
      : subsets.flatMap(({ name, classes }) =>
          name === 'training' ? classes.map((one, label) => ({ name, className: classNames[label]!, one })) : [],
        );
  const cells = ({ mean, deviation }: { mean: readonly number[]; deviation: readonly number[] }) =>
    mean.map((value, channel) => html`<td>${value.toFixed(1)} ± ${deviation[channel]!.toFixed(1)}</td>`);
  return html`<h3>${text.statisticsHeading}</h3>
    <p>${text.statisticsExplanation(subsets.reduce((sum, { counted }) => sum + counted, 0))}</p>
    <div class="scroll"><table class="numbers">
    <thead><tr><th scope="col">${text.statisticsPart}</th>${channels.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
    <tbody>${subsets.map((one) => html`<tr><th scope="row">${one.name}</th>${cells(one)}</tr>`)}
    ${classes.map(
      ({ name, className, one }) =>
        one && html`<tr><th scope="row">${htmlName(text.statisticsClass(name, className))}</th>${cells(one)}</tr>`,
    )}</tbody></table></div>`;
}

async function renderGallery(pictures: readonly LabelledPicture[], kind: string): Promise<Markup> {
  const items = await Promise.all(
    pictures.map(async ({ picture, file, className }) => {
      const image = await renderPicture(picture, thumbnailSide, `${className}, ${file}`);
      return html`<li><figure>${image}
        <figcaption>${htmlName(className)}</figcaption></figure></li>`;
    }),
  );
  return html`<ul class="gallery ${kind}">${items}</ul>`;
}

function renderSkipped({ skippedFiles }: ReportData, text: ReportText): Markup {
  const rows = skippedFiles
    .slice(0, skippedNamed)
    .map(({ file, reason }) => html`<tr><th scope="row" class="file">${htmlName(file)}</th><td>${reason}</td></tr>`);
  return html`<details><summary>${text.skippedHeading(skippedFiles.length)}</summary><div class="scroll"><table>
    <thead><tr><th scope="col">${text.file}</th><th scope="col">${text.reason}</th></tr></thead>
    <tbody>${rows}</tbody></table></div></details>`;
}

/** The sections about the data. */
export async function renderDataset(data: ReportData, text: ReportText): Promise<Markup> {
  const { samples, firstBatch, skippedFiles, model, notes = [] } = data;
  return html`<section>
      <h2>${text.dataHeading}</h2><p>${text.splitExplanation(data)}</p>
      ${data.treatment && html`<p>${text.treatment(data)}</p>`}
      ${notes.length > 0 && html`<p>${notes.join(' ')}</p>`}
      ${renderCounts(data, text)}${skippedFiles.length > 0 && renderSkipped(data, text)}
      ${renderStatistics(data, text)}
      ${samples.length > 0 && html`<h3>${text.samplesHeading}</h3>${await renderGallery(samples, 'small')}`}
    </section>
    ${
      firstBatch.length > 0 &&
      html`<section><h2>${text.firstBatchHeading}</h2><p>${text.firstBatchExplanation(model.inputShape, data.treatment)}</p>
        ${await renderGallery(firstBatch, 'small')}</section>`
    }`;
}
