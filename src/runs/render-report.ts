/** Renders `report.html`: one file that needs no other, no network and no script, readable on paper, on a phone, in light
 * and in dark. */
import { html, Markup } from './html.ts';
import type { ReportData } from './report-data.ts';
import { renderDataset } from './report-dataset.ts';
import { renderEvaluation, renderVerdict } from './report-evaluation.ts';
import { renderProvenance } from './report-provenance.ts';
import { reportStyle } from './report-style.ts';
import { englishText, type ReportText } from './report-text.ts';
import { renderTraining } from './report-training.ts';
import { listWarnings } from './report-warnings.ts';

/** The page may show what is in it and nothing else: no script runs and nothing is fetched, whatever a file name holds. */
const contentPolicy =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/**
 * The report as the text of one HTML file.
 * @param text the words; English where not given
 * @throws {ShapeError} where a picture has not three bytes for each of its pixels.
 */
export async function renderReport(data: ReportData, text: ReportText = englishText): Promise<string> {
  const warnings = listWarnings(data, text);
  const page = html`<!doctype html>
<html lang="${text.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="cajal ${data.versions.cajal}">
<title>${data.title}</title>
<style>${new Markup(reportStyle)}</style>
</head>
<body>
<main>
<header>
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
${renderProvenance(data, text)}
</main>
</body>
</html>
`;
  return page.text;
}
