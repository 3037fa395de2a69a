/** A search for a learning rate as one HTML file that needs no other, no network and no script. */
import type { LearningRateSearch } from '../model/learning-rate-finder.ts';
import { html, htmlName } from './html.ts';
import { renderPage } from './html-page.ts';
import { formatLearningRate, plotLearningRates } from './learning-rate-chart.ts';

/** What the page says beside the curve. */
export interface LearningRatePage {
  /** What was trained, in a line. */
  readonly subject: string;
  /** The folder of pictures. */
  readonly folder: string;
  /** The command line that trains with the suggestion; none without one. */
  readonly command?: string | undefined;
  /** The version of cajal. */
  readonly version: string;
}

/** What a search came to, in sentences. */
export function describeSearch({ suggestion, remark, learningRates, losses }: LearningRateSearch): string[] {
  const steps = `${losses.length} steps, learning rates from ${formatLearningRate(learningRates[0] ?? Number.NaN)} to ${formatLearningRate(learningRates.at(-1) ?? Number.NaN)}.`;
  const found =
    suggestion === undefined
      ? []
      : [`Suggested learning rate: ${formatLearningRate(suggestion)}, where the smoothed loss falls most steeply.`];
  return [...found, ...(remark === undefined ? [] : [remark]), ...(losses.length > 0 ? [steps] : [])];
}

/** About a dozen rows of the curve: learning rate, loss and smoothed loss; the suggestion is one of them. */
export function searchRows(search: LearningRateSearch, count = 12): { cells: string[]; isSuggestion: boolean }[] {
  const { learningRates, losses, smoothed, suggestion } = search;
  const suggested = suggestion === undefined ? -1 : learningRates.indexOf(suggestion);
  const last = losses.length - 1;
  const even = Array.from({ length: count }, (_, row) => Math.round((row * last) / (count - 1)));
  const places = [...new Set([...even, suggested])].filter((place) => place >= 0).sort((a, b) => a - b);
  return places.map((place) => ({
    cells: [learningRates[place]!.toExponential(1), losses[place]!.toPrecision(4), smoothed[place]!.toPrecision(4)],
    isSuggestion: place === suggested,
  }));
}

/** The columns of the rows. */
export const searchHead: readonly string[] = ['learning rate', 'loss', 'smoothed'];

const notes = [
  'Each step trains on one batch with a larger learning rate than the one before, from fresh weights. The suggestion is where the ' +
    'smoothed loss falls most steeply over the logarithm of the learning rate (Smith, 2017). A tenth of the learning rate at which it is ' +
    'least is another rule, often smaller; for a schedule that falls, either is a good highest value.',
  'It holds for this network, optimizer and batch size: search again when one of them changes.',
];

/** The page. */
export function renderLearningRatePage(search: LearningRateSearch, page: LearningRatePage): string {
  const { subject, folder, command, version } = page;
  const { suggestion, minimumOverTen, losses } = search;
  const figures: [string, string][] = [
    ['Suggestion', suggestion === undefined ? 'none' : formatLearningRate(suggestion)],
    ...(minimumOverTen === undefined
      ? []
      : ([['Minimum / 10', formatLearningRate(minimumOverTen)]] as [string, string][])),
    ['Steps', String(losses.length)],
  ];
  return renderPage({
    title: `Learning rate for ${folder}`,
    version: version,
    main: html`<header>
  <p class="kicker">${subject}</p>
  <h1>A learning rate for ${htmlName(folder)}</h1>
  <p class="verdict">${describeSearch(search).join(' ')}</p>
  <dl class="figures">${figures.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>
</header>
${losses.length > 1 && html`<section><h2>Loss over the learning rate</h2><figure class="chart">${plotLearningRates(search)}</figure></section>`}
${command !== undefined && html`<section><h2>Train with it</h2><pre class="command">${command}</pre></section>`}
${
  losses.length > 0 &&
  html`<section><h2>Steps</h2><div class="scroll"><table class="numbers">
  <thead><tr>${searchHead.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
  <tbody>${searchRows(search, 30).map(
    ({ cells: [rate, ...values], isSuggestion }) =>
      html`<tr${isSuggestion && html` class="best"`}><th scope="row">${rate}</th>${values.map((value) => html`<td>${value}</td>`)}</tr>`,
  )}</tbody></table></div></section>`
}
<section><h2>Notes</h2>${notes.map((note) => html`<p>${note}</p>`)}</section>`,
  });
}
