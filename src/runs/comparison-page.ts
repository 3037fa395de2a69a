/** A comparison as one HTML file that needs no other, no network and no script. */
import type { Comparison, TestedPair } from '../comparison/comparison.ts';
import {
  describeIntervals,
  describeLeader,
  describePairs,
  describeTest,
  describeUntested,
  formatMean,
  formatP,
  listCautions,
  metricTitles,
  settingTable,
  signed,
} from '../comparison/comparison-text.ts';
import {
  curvedSettings,
  curvesLegend,
  mostCurves,
  plotCurves,
  plotIntervals,
  sharedKeys,
} from './comparison-charts.ts';
import { binaryAccuracyNotes, describeOverFittingOf, listPlanNotes } from './comparison-notes.ts';
import { type Content, html, htmlName, Markup } from './html.ts';
import { renderPage } from './html-page.ts';
import type { CompareReport } from './jobs/compare.ts';
import { englishText, overFittingAdvice } from './report-text.ts';

/** Rules of pages that compare trainings. */
export const comparisonStyle = `
:root { --c1: #0b63b0; --c2: #c4510a; --c3: #007a57; --c4: #a8407a; --c5: #8a6a00; --c6: #2b8cc4; --c7: #5b4bb0; --c8: #4a5560; }
@media (prefers-color-scheme: dark) {
  :root { --c1: #6bb3f2; --c2: #f0a04b; --c3: #3fc79a; --c4: #e88fc0; --c5: #e6cf55; --c6: #a6dcff; --c7: #b3a6ff; --c8: #b7c2cc; }
}
.lines { list-style: none; display: flex; flex-wrap: wrap; gap: 0.35rem 1.4rem; margin: 0.75rem 0; padding: 0; font-size: 0.9rem; }
.lines li { overflow-wrap: anywhere; } .lines svg { margin-right: 0.5rem; vertical-align: 0.05rem; }
.findings { padding-left: 1.1rem; max-width: 46rem; } .findings li { margin: 0.4rem 0; overflow-wrap: break-word; }
.wide-table { width: 100%; max-width: none; }
.wide-table td, .wide-table thead th { white-space: nowrap; } .wide-table tbody th { min-width: 6.5rem; max-width: 16rem; overflow-wrap: break-word; }
.charts > .chart { max-width: 34rem; }
.pairs td.word, .pairs th.word { text-align: left !important; } .pairs td.word, .pairs thead th { white-space: normal; min-width: 6.5rem; }
.pairs thead th:last-child { min-width: 0; } .pairs tr.different > * { font-weight: 600; }
.chart.intervals { max-width: 38rem; } .chart.intervals { overflow-x: auto; } .chart.intervals svg { min-width: 22rem; }
@media (max-width: 34rem) { .wide-table { font-size: 0.82rem; } }
@media print { :root { --c1: #0b63b0; --c2: #c4510a; --c3: #007a57; --c4: #a8407a; --c5: #8a6a00; --c6: #2b8cc4; --c7: #5b4bb0; --c8: #4a5560; } }
`;

/** No line ends between a number and its unit. */
export function hold(text: string): string {
  return text.replaceAll(/(\d) (%|ms|s|min|h)(?![\w-])/g, '$1\u202f$2').replaceAll(' ± ', '\u202f±\u202f');
}

/** A table of numbers; the first cell of each row names it. */
export function numberTable(head: readonly string[], rows: readonly (readonly Content[])[], className = ''): Markup {
  return html`<div class="scroll"><table class="numbers wide-table ${className}">
    <thead><tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
    <tbody>${rows.map(
      ([name, ...cells]) => html`<tr><th scope="row">${name}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`,
    )}</tbody></table></div>`;
}

/** The page. */
export function renderComparison(report: CompareReport): string {
  const { comparison, plan, versions, plannedRuns, command, subset } = report;
  const { settings, seeds, metric } = comparison;
  const done = settings.reduce((sum, { runs }) => sum + runs.length, 0);
  const varied = Object.keys(plan.vary);
  const title = `${varied.join(', ')}: ${settings.length} settings compared`;
  const seconds = settings.reduce((sum, setting) => sum + setting.seconds, 0);
  const verdict = comparison.pairs.length > 1 ? describeLeader(comparison) : describePairs(comparison)[0];
  const others = comparison.pairs.length > 0 ? describeUntested(comparison) : describePairs(comparison).slice(1);
  const warnings = [...listPlanNotes(report), ...listCautions(comparison)];
  return renderPage({
    title: title,
    version: versions.cajal,
    style: comparisonStyle,
    main: html`<header>
  <p class="kicker">${plan.base.folder} · ${done === plannedRuns ? `${done} trainings` : `${done} of ${plannedRuns} trainings`}</p>
  <h1>${title}</h1>
  ${verdict !== undefined && html`<p class="verdict">${hold(verdict)}</p>`}
  ${others.length > 0 && html`<ul class="findings">${others.map((sentence) => html`<li>${hold(sentence)}</li>`)}</ul>`}
  <dl class="figures">${(
    [
      ['Settings', settings.length],
      ['Seeds each', seeds.length],
      [
        subset === 'training' ? 'Training pictures asked' : `${subset === 'test' ? 'Test' : 'Validation'} pictures`,
        comparison.examples,
      ],
      ...(comparison.groups < comparison.examples ? [['Groups', comparison.groups] as const] : []),
      ['Training time', englishText.duration(seconds)],
    ] as const
  ).map(
    ([term, value]) =>
      html`<div><dt>${term}</dt><dd>${typeof value === 'number' ? englishText.number(value) : value}</dd></div>`,
  )}</dl>
</header>
${
  warnings.length > 0 &&
  html`<section class="warnings"><h2>Before you rely on it</h2>
  <ul>${warnings.map((warning) => html`<li>${hold(warning)}</li>`)}</ul></section>`
}
${renderSettings(comparison)}
${comparison.pairs.length > 0 && renderPairs(comparison)}
${renderCurves(report)}
${renderBinary(report)}
${renderOverFitting(comparison)}
<section>
  <h2>Do it again</h2>
  <pre class="command">${command}</pre>
  <p>The same seeds on the same backend and instruction set give the same weights, bit for bit; times differ. ${versions.cpu},
  ${englishText.cores(versions.cores)}; ${versions.backend} ${versions.instructionSet}, ${englishText.threads(versions.threads)}; cajal
  ${versions.cajal}, Node ${versions.node}. Pairs were tested by ${metricTitles[metric]}; ${new Markup('<code>comparison.json</code>')} has all
  numbers.</p>
  ${renderRuns(report)}
</section>`,
  });
}

function renderSettings(comparison: Comparison): Markup {
  const { head, rows } = settingTable(comparison);
  return html`<section>
  <h2>What each setting came to</h2>
  <p>${hold(describeIntervals(comparison))} Of each run, its best epoch's model was asked. Times are those of this machine, trainings one
  after the other.</p>
  <figure class="chart intervals">${plotIntervals(comparison)}</figure>
  <p class="legend" aria-hidden="true">◆ mean over seeds · ○ one seed · bar: 95\u202f% interval of the mean, ◂ ▸ where it goes on</p>
  ${numberTable(
    head,
    rows.map(([name, ...cells]) => [htmlName(name!), ...cells.map(hold)]),
  )}
</section>`;
}

function renderPairs(comparison: Comparison): Markup {
  const { metric, pairs, isHigherBetter } = comparison;
  const unit = metric === 'logLoss' ? '' : ' (points)';
  const head = ['first', 'second', 'verdict', `${metricTitles[metric]}, first − second${unit}`, '95 % interval', 'p'];
  const verdictOf = ({ isDifferent, first, second, difference }: TestedPair) =>
    isDifferent
      ? html`${htmlName(difference > 0 === isHigherBetter ? first : second)} is better`
      : 'no difference that these runs can show';
  const row = (pair: TestedPair) => html`<tr${pair.isDifferent && html` class="different"`}>
    <th scope="row">${htmlName(pair.first)}</th><th scope="row" class="word">${htmlName(pair.second)}</th>
    <td class="word">${verdictOf(pair)}</td>
    <td>${signed(metric, pair.difference)}</td><td>${signed(metric, pair.low)} to ${signed(metric, pair.high)}</td>
    <td>${formatP(pair).replace('p = ', '').replace('p ', '')}</td></tr>`;
  return html`<section>
  <h2>Which differ</h2>
  <p>${hold(describeTest(comparison))}</p>
  <div class="scroll"><table class="numbers wide-table pairs">
    <thead><tr>${head.map((name, place) => html`<th scope="col"${place < 3 && html` class="word"`}>${hold(name)}</th>`)}</tr></thead>
    <tbody>${pairs.map(row)}</tbody></table></div>
</section>`;
}

function renderCurves({ comparison, plan }: CompareReport): Markup | false {
  const drawn = curvedSettings(comparison);
  const isLossShared = !('loss' in plan.vary);
  const keys = drawn.length === 0 ? [] : sharedKeys(drawn, isLossShared);
  if (keys.length === 0) return false;
  const chosen =
    drawn.length < comparison.settings.length
      ? ` The ${drawn.length} best of them are drawn (${mostCurves} at most).`
      : '';
  const losses = isLossShared ? '' : ' Losses are not drawn: those of different formulas have no common scale.';
  return html`<section>
  <h2>How they learned</h2>
  <p>Lines are means over seeds, bands reach from the lowest seed to the highest. A curve ends where the first of its runs
  ended.${chosen}${losses}</p>
  ${curvesLegend(drawn)}
  <div class="charts">${keys.map(
    (key) => html`<figure class="chart"><figcaption><b>${key}</b></figcaption>${plotCurves(drawn, key)}</figure>`,
  )}</div>
</section>`;
}

function renderBinary({ comparison, plan }: CompareReport): Markup | false {
  const losses = [plan.base.loss, ...(plan.vary['loss'] ?? [])];
  if (!losses.includes('binaryCrossentropy')) return false;
  const rows = comparison.settings.flatMap(({ name, values }) =>
    values
      ? [
          [
            htmlName(name),
            hold(formatMean('accuracy', values.accuracy)),
            hold(formatMean('accuracy', values.binaryAccuracy)),
          ],
        ]
      : [],
  );
  return html`<section>
  <h2>Two numbers called accuracy</h2>
  ${binaryAccuracyNotes.map((note) => html`<p>${hold(note)}</p>`)}
  ${numberTable(['setting', 'accuracy: pictures that are right', 'binary form: outputs that are right'], rows)}
</section>`;
}

function renderOverFitting({ settings }: Comparison): Markup | false {
  const found = settings.flatMap(describeOverFittingOf);
  return (
    found.length > 0 &&
    html`<section>
  <h2>Over-fitting</h2>
  <ul class="findings">${found.map((sentence) => html`<li>${hold(sentence)}</li>`)}</ul>
  <p>${overFittingAdvice}</p>
</section>`
  );
}

function renderRuns({ comparison, folders }: CompareReport): Markup {
  const rows = comparison.settings.flatMap(({ name, runs }) =>
    runs.map(({ seed, values, epochs, seconds, failure }) => {
      const address = `./${[folders[name] ?? name, `seed-${seed}`].map(encodeURIComponent).join('/')}/report.html`;
      const link = html`<a href="${address}">${htmlName(name)}, seed ${seed}</a>`;
      const result = values ? hold(`${(values.accuracy * 100).toFixed(1)} %`) : (failure ?? '');
      return epochs === 0
        ? [html`${htmlName(name)}, seed ${seed}`, '', '', 'failed']
        : [link, epochs, englishText.duration(seconds), result];
    }),
  );
  return html`<details><summary>All runs, each with its report</summary>${numberTable(['run', 'epochs', 'time', 'accuracy'], rows)}</details>`;
}
