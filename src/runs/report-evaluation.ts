/** The part of the report about the answers: the verdict, class by class, the matrix, and the mistakes. */
import { formatClassificationReport, type ReportRow, toFixedAsPython } from '../nn/metrics/classification-report.ts';
import { frequentConfusions, normalizeRows } from '../nn/metrics/confusion-matrix.ts';
import { plotAccuracyInterval } from './count-charts.ts';
import { renderPicture } from './encode-picture.ts';
import type { EvaluationSummary } from './evaluation.ts';
import { type Content, html, htmlName, type Markup } from './html.ts';
import type { EvaluationReport, MistakeReport, ReportData } from './report-data.ts';
import type { ReportText } from './report-text.ts';
import { evaluatedGroups } from './report-warnings.ts';

/** With more classes than this the cells of the matrix hold counts only. */
const classesWithShares = 12;
/** With more classes than this the matrix is left out. */
const classesInMatrix = 50;
const confusionsListed = 12;
/** Above this share of a row the text of a cell changes colour: at every share, in light and dark, its contrast with the
 * cell is then at least 4.5 to 1 (WCAG AA). */
const strongShare = 0.62;
/** Longest side of a thumbnail in pixels: twice its size on the page, for sharp screens. */
const thumbnailSide = 240;

function figure(term: string, value: Content): Markup {
  return html`<div><dt>${term}</dt><dd>${value}</dd></div>`;
}

/** The sentence at the top, the interval as a picture, and the numbers one looks for first. */
export function renderVerdict(data: ReportData, text: ReportText): Markup {
  const { evaluation, ending, seconds } = data;
  const time = figure(text.trainingTime, text.duration(seconds));
  const epochs = ending && figure(text.epochCount, text.number(ending.epochs));
  if (!evaluation) {
    return html`<p class="verdict">${text.noVerdict}</p><dl class="figures">${epochs}${time}</dl>`;
  }
  const { accuracy, interval, baseline, pictures, values } = evaluation;
  return html`<p class="verdict">${text.verdict(evaluation, evaluatedGroups(data, text))}</p>
    <figure class="chart wide">${plotAccuracyInterval(evaluation, text)}</figure>
    <dl class="figures">
      ${figure(text.accuracy, text.percent(accuracy))}
      ${figure(text.intervalOf95, `${(interval.low * 100).toFixed(1)}–${text.percent(interval.high)}`)}
      ${figure(text.baselineLong, text.percent(baseline.accuracy))}
      ${figure(text.pictureCount, text.number(pictures))}
      ${Object.entries(values)
        .filter(([name]) => !/accuracy$/i.test(name))
        .map(([name, value]) => figure(name, text.quantity(value)))}
      ${epochs}${time}
    </dl>`;
}

/** Precision, recall and F1 of each class, as a table. */
export function renderReportTable(evaluation: EvaluationSummary, text: ReportText): Markup {
  const { report } = evaluation;
  const row = (name: Content, { precision, recall, f1, support }: ReportRow) => html`<tr>
    <th scope="row">${name}</th>
    ${[precision, recall, f1].map((value) => html`<td>${toFixedAsPython(value, 2)}</td>`)}
    <td>${text.number(support)}</td>
  </tr>`;
  return html`<div class="scroll"><table class="numbers">
    <thead><tr><th scope="col">${text.class}</th><th scope="col">${text.precision}</th><th scope="col">${text.recall}</th>
      <th scope="col">${text.f1}</th><th scope="col">${text.support}</th></tr></thead>
    <tbody>${report.classes.map((entry) => row(htmlName(entry.name), entry))}</tbody>
    <tfoot>
      <tr><th scope="row">${text.accuracy}</th><td></td><td></td><td>${toFixedAsPython(report.accuracy, 2)}</td>
        <td>${text.number(report.support)}</td></tr>
      ${row(text.macroAverage, report.macro)}${row(text.weightedAverage, report.weighted)}
    </tfoot>
  </table></div>`;
}

/** The confusion matrix as a table. */
export function renderMatrix(evaluation: EvaluationSummary, text: ReportText): Markup {
  const names = evaluation.report.classes.map(({ name }) => name);
  if (names.length > classesInMatrix) return html`<p>${text.matrixTooLarge(names.length)}</p>`;
  const shares = normalizeRows(evaluation.confusionMatrix);
  const hasShares = names.length <= classesWithShares;
  const cell = (count: number, row: number, column: number) => {
    const share = shares[row]![column]!;
    const classes = `${row === column ? 'right' : 'wrong'}${share > strongShare ? ' strong' : ''}`;
    const title = `${names[row]} → ${names[column]}: ${count} (${text.percent(share)})`;
    return html`<td class="${classes}" style="--share:${(share * 100).toFixed(1)}%" title="${title}">${text.number(count)}${hasShares && html`<small>${text.percent(share)}</small>`}</td>`;
  };
  return html`<div class="scroll"><table class="matrix${hasShares ? '' : ' dense'}">
    <caption>${text.matrixCaption}</caption>
    <thead>
      <tr><td></td><th scope="colgroup" colspan="${names.length}">${text.predictedClass}</th></tr>
      <tr><th scope="col">${text.trueClass}</th>${names.map((name) => html`<th scope="col">${htmlName(name)}</th>`)}</tr>
    </thead>
    <tbody>${evaluation.confusionMatrix.map(
      (counts, row) => html`<tr><th scope="row">${htmlName(names[row]!)}</th>
        ${counts.map((count, column) => cell(count, row, column))}</tr>`,
    )}</tbody>
  </table></div>`;
}

function renderConfusions(evaluation: EvaluationReport, text: ReportText): Markup {
  const names = evaluation.report.classes.map(({ name }) => name);
  const confusions = frequentConfusions(evaluation.confusionMatrix, confusionsListed);
  if (confusions.length === 0) return html`<p>${text.noConfusions}</p>`;
  const sentences = confusions.map(({ count, share, trueClass, predictedClass }) =>
    text.confusion(count, share, names[trueClass]!, names[predictedClass]!),
  );
  return html`<details><summary>${text.frequentConfusions}</summary>
    <ol>${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ol></details>`;
}

async function renderMistake(mistake: MistakeReport, text: ReportText): Promise<Markup> {
  const { picture, file, trueClass, predictedClass, probability, trueProbability } = mistake;
  const alt = text.mistake(trueClass, predictedClass, probability);
  const image = picture && (await renderPicture(picture, thumbnailSide, alt));
  return html`<li><figure>${image}<figcaption>
    <span>${text.said} <b>${htmlName(predictedClass)}</b> ${text.percent(probability)}</span>
    <span>${text.is} <b>${htmlName(trueClass)}</b> ${text.percent(trueProbability)}</span>
    <span class="file">${htmlName(file)}</span></figcaption></figure></li>`;
}

/** The sections about the answers, none where nothing was evaluated. */
export async function renderEvaluation(data: ReportData, text: ReportText): Promise<Markup | undefined> {
  const { evaluation, mistakes } = data;
  if (!evaluation) return undefined;
  const items = await Promise.all(mistakes.map((mistake) => renderMistake(mistake, text)));
  return html`<section>
      <h2>${text.reportHeading}</h2><p>${text.reportExplanation}</p>
      ${renderReportTable(evaluation, text)}
      <details><summary>${text.reportAsText}</summary><pre>${formatClassificationReport(evaluation.report)}</pre></details>
    </section>
    <section>
      <h2>${text.matrixHeading}</h2><p>${text.matrixExplanation}</p>
      ${renderMatrix(evaluation, text)}${renderConfusions(evaluation, text)}
    </section>
    ${
      items.length > 0 &&
      html`<section><h2>${text.mistakesHeading}</h2><p>${text.mistakesExplanation}</p>
        <ul class="gallery large">${items}</ul></section>`
    }`;
}
