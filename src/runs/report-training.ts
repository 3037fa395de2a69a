/** The part of the report about the training: the curves, and all their values as a table. */
import { html, type Markup } from './html.ts';
import { chartedKeys, curveLegend, plotLearningCurve } from './learning-curves.ts';
import type { ReportData } from './report-data.ts';
import type { ReportText } from './report-text.ts';

function renderHistoryTable({ history, monitor }: ReportData, text: ReportText): Markup {
  const keys = [...new Set(history.flatMap((row) => Object.keys(row)))].filter((key) => key !== 'epoch').sort();
  return html`<div class="scroll"><table class="numbers">
    <thead><tr><th scope="col">${text.epoch}</th>${keys.map((key) => html`<th scope="col">${key}</th>`)}</tr></thead>
    <tbody>${history.map(
      (row) => html`<tr${row.epoch === monitor?.bestEpoch && html` class="best"`}><th scope="row">${row.epoch}</th>
        ${keys.map((key) => html`<td>${row[key] === undefined ? '' : text.quantity(row[key])}</td>`)}</tr>`,
    )}</tbody></table></div>`;
}

/** The section with the learning curves, none where there was no epoch. */
export function renderTraining(data: ReportData, text: ReportText): Markup | undefined {
  const { history, monitor, ending } = data;
  if (history.length === 0) return undefined;
  const charts = chartedKeys(history).map((key) => {
    const chart = plotLearningCurve(history, key, monitor?.bestEpoch, text);
    return html`<figure class="chart"><figcaption><b>${key}</b></figcaption>${chart}</figure>`;
  });
  return html`<section>
    <h2>${text.curvesHeading}</h2><p>${text.curvesExplanation(ending, monitor?.key, monitor?.bestEpoch)}</p>
    ${curveLegend(text)}
    <div class="charts">${charts}</div>
    <details><summary>${text.allValues}</summary>${renderHistoryTable(data, text)}</details>
  </section>`;
}
