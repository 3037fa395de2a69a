/** The summary of a cross-validation as one HTML file that needs no other, no network and no script. */
import type { EpochRow, SettingSummary } from '../comparison/comparison.ts';
import { curvesLegend, plotCurves } from './comparison-charts.ts';
import { comparisonStyle, hold, numberTable } from './comparison-page.ts';
import type { FoldSummary } from './cross-validation.ts';
import { describeFolds, foldCautions, foldTable } from './cross-validation-text.ts';
import { html, htmlName, type Markup } from './html.ts';
import { renderPage } from './html-page.ts';
import type { CrossValidationReport } from './jobs/cross-validate.ts';
import { chartedKeys } from './learning-curves.ts';
import { renderMatrix, renderReportTable } from './report-evaluation.ts';
import { englishText } from './report-text.ts';

/** The page. @param runName the name of the run's folder */
export function renderCrossValidation(runName: string, report: CrossValidationReport): string {
  const { settings, folds, planned, pooled, versions, command, warnings, split } = report;
  const text = englishText;
  const title = `${settings.arch} on ${report.classNames.length} classes, ${planned} folds`;
  const cautions = [...foldCautions(report, split.method === 'group'), ...warnings];
  const { head, rows } = foldTable(report);
  const cells = rows.map(([name, ...rest], place) => {
    const fold = folds[place];
    const link = fold?.values ? html`<a href="./fold-${fold.number}/report.html">${name!}</a>` : name!;
    return [link, ...rest.map(hold)];
  });
  return renderPage({
    title,
    version: versions.cajal,
    style: comparisonStyle,
    main: html`<header>
  <p class="kicker">${runName} · ${settings.folder}</p>
  <h1>${title}</h1>
  <p class="verdict">${hold(describeFolds(report))}</p>
</header>
<section class="warnings"><h2>${text.warningsHeading}</h2>
  <ul>${cautions.map((caution) => html`<li>${hold(caution)}</li>`)}</ul></section>
<section>
  <h2>Fold by fold</h2>
  <p>${describeDealing(report)} ± is half of the 95\u202f% interval of the mean over folds (Student's t). Each number leads to the report of
  its fold.</p>
  ${numberTable(head, cells)}
  ${folds.filter(({ failure }) => failure !== undefined).map(({ number, failure }) => html`<p>Fold ${number} failed: ${failure}</p>`)}
</section>
<section>
  <h2>${text.reportHeading}</h2>
  <p>All held-out pictures together, each answered by the model that did not learn from it. ${text.reportExplanation}</p>
  ${renderReportTable(pooled, text)}
</section>
<section>
  <h2>${text.matrixHeading}</h2><p>${text.matrixExplanation}</p>
  ${renderMatrix(pooled, text)}
</section>
${renderCurves(folds)}
<section>
  <h2>Do it again</h2>
  <pre class="command">${command}</pre>
  <p>${html`<code>predictions.csv</code>`} has what was said of each picture, ${html`<code>folds.json</code>`} which fold held it out,
  ${html`<code>report.json</code>`} all numbers. ${versions.cpu}, ${text.cores(versions.cores)}; ${versions.backend}
  ${versions.instructionSet}, ${text.threads(versions.threads)}; cajal ${versions.cajal}, Node ${versions.node}; seed ${versions.seed}.</p>
</section>`,
  });
}

function describeDealing({ split, planned }: CrossValidationReport): Markup {
  const { method, pattern, groupSource } = split;
  if (method !== 'group')
    return html`Pictures were dealt out to ${planned} folds one by one, the same share of each class to each.`;
  const rule =
    groupSource === undefined ? html`what <code>${pattern ?? ''}</code> finds in their names` : htmlName(groupSource);
  return html`Whole groups of pictures were dealt out to ${planned} folds, by ${rule}, and each class as evenly as that allows.`;
}

/** Training and validation in one chart for each value: means over folds, with bands from the lowest to the highest. */
function renderCurves(folds: readonly FoldSummary[]): Markup | false {
  const histories = folds.map(({ history }) => history).filter(({ length }) => length > 0);
  const [first] = histories;
  if (!first) return false;
  const series = (key: string) =>
    // In the order of the lines, so that validation is the full blue one as in the report of a run.
    [
      { name: 'validation', from: `val_${key}` },
      { name: 'training', from: key },
    ].flatMap(({ name, from }): SettingSummary[] => {
      if (!histories.every((rows) => rows.every((row) => row[from] !== undefined))) return [];
      const runs = histories.map((rows, seed) => ({
        seed,
        epochs: rows.length,
        seconds: 0,
        history: rows.map((row): EpochRow => ({ epoch: row.epoch, [key]: row[from]! })),
      }));
      return [{ name, runs, seconds: 0 }];
    });
  const charts = chartedKeys(first)
    .map((key) => ({ key, drawn: series(key) }))
    .filter(({ drawn }) => drawn.length > 0);
  const longest = charts.reduce((most, { drawn }) => Math.max(most, drawn.length), 0);
  const named = charts.find(({ drawn }) => drawn.length === longest);
  return (
    named !== undefined &&
    html`<section>
  <h2>How they learned</h2>
  <p>Lines are means over folds, bands reach from the lowest fold to the highest.</p>
  ${curvesLegend(named.drawn)}
  <div class="charts">${charts.map(
    ({ key, drawn }) =>
      html`<figure class="chart"><figcaption><b>${key}</b></figcaption>${plotCurves(drawn, key, 'folds')}</figure>`,
  )}</div>
</section>`
  );
}
