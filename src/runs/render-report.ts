/** Renders `report.html`: one file that needs no other, no network and no script, readable on paper, on a phone, in light
 * and in dark. */
import { html } from './html.ts';
import { renderPage } from './html-page.ts';
import type { ReportData } from './report-data.ts';
import { renderDataset } from './report-dataset.ts';
import { renderEvaluation, renderVerdict } from './report-evaluation.ts';
import { renderProvenance } from './report-provenance.ts';
import { englishText, type ReportText } from './report-text.ts';
import { renderTraining } from './report-training.ts';
import { listWarnings } from './report-warnings.ts';

/**
 * The report as the text of one HTML file.
 * @param text the words; English where not given
 * @throws {ShapeError} where a picture has not three bytes for each of its pixels.
 */
export async function renderReport(data: ReportData, text: ReportText = englishText): Promise<string> {
  const warnings = listWarnings(data, text);
  return renderPage({
    language: text.language,
    title: data.title,
    version: data.versions.cajal,
    main: html`<header>
  <p class="kicker">${data.runName} · ${text.date(data.startedAt)}</p>
  <h1>${data.title}</h1>
  ${renderVerdict(data, text)}
</header>
${
  warnings.length > 0 &&
  html`<section class="warnings"><h2>${text.warningsHeading}</h2>
  <ul>${warnings.map((warning) => html`<li>${warning}</li>`)}</ul></section>`
}
${await renderEvaluation(data, text)}
${renderTraining(data, text)}
${await renderDataset(data, text)}
${renderProvenance(data, text)}`,
  });
}
