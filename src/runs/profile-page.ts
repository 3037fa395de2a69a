/** A profile as one HTML file that needs no other, no network and no script. */
import type { Profile } from '../training/profile.ts';
import { html, htmlName, type Markup } from './html.ts';
import { renderPage } from './html-page.ts';
import { analyseProfile } from './profile-analysis.ts';
import { plotProfile } from './profile-chart.ts';
import {
  describeProfile,
  formatMs,
  formatRate,
  formatShare,
  instructionTable,
  layerTable,
  opTable,
  type ProfileTable,
  profileNotes,
  profileSentences,
} from './profile-text.ts';

const profileStyle = `
.key.product { background: var(--validation); } .key.rest { background: var(--training); }
.key.pale { background: var(--soft); opacity: 0.35; } .key.full { background: var(--soft); }
.chart.whole { overflow-x: auto; } .chart.whole svg { min-width: 46rem; }
.profile { width: 100%; font-size: 0.85rem; }
.profile th, .profile td { padding: 0.25rem 0.5rem; white-space: nowrap; text-align: right; }
.profile .word { text-align: left; } .profile tfoot td { font-weight: 600; }
.legend { max-width: none; } .legend .entry { display: inline-block; margin-right: 1.2rem; white-space: nowrap; }
`;

/** No line ends between a number and its unit. */
function holdUnits(sentence: string): string {
  return sentence.replaceAll(/(\d) (%|ms|GFLOP|GB|KiB|MiB)/g, '$1\u202f$2');
}

function renderTable({ head, rows, foot, words }: ProfileTable): Markup {
  const word = (column: number) => column < words && html` class="word"`;
  const line = (cells: readonly string[]) =>
    html`<tr>${head.map((_, column) => html`<td${word(column)}>${cells[column] ?? ''}</td>`)}</tr>`;
  return html`<div class="scroll"><table class="profile">
    <thead><tr>${head.map((name, column) => html`<th scope="col"${word(column)}>${name}</th>`)}</tr></thead>
    <tbody>${rows.map(line)}</tbody>
    <tfoot>${foot.map(line)}</tfoot></table></div>`;
}

/**
 * The page.
 * @param name of the network or run
 * @param version of cajal
 */
export function renderProfilePage(name: string, version: string, profile: Profile): string {
  const analysis = analyseProfile(profile);
  const { stepMs, peak } = profile;
  const { products, rest } = analysis;
  const figures: [string, string][] = [
    ['Step', `${formatMs(stepMs)} ms`],
    ['Convolutions and dense', formatShare(products.share)],
    ['Everything else', formatShare(rest.share)],
    ...(peak
      ? ([
          ['Peak of operations', `${formatRate(peak.gflops)} GFLOP/s`],
          ['Peak of memory', `${formatRate(peak.gbPerSecond)} GB/s`],
        ] as [string, string][])
      : []),
  ];
  const sentences = profileSentences(profile, analysis);
  const legend = [
    ['product', 'convolutions and dense'],
    ['rest', 'everything else'],
    ...(peak ? [['full', 'time that the peak would need'] as const, ['pale', 'time beyond it'] as const] : []),
  ] as const;
  const tables = [layerTable(analysis), opTable(analysis), instructionTable(analysis)];
  return renderPage({
    title: `Profile of ${name}`,
    version: version,
    style: profileStyle,
    main: html`<header>
  <p class="kicker">${describeProfile(profile)}</p>
  <h1>Where the time of ${htmlName(name)} goes</h1>
  <p>${sentences.slice(0, 2).map(holdUnits).join(' ')}</p>
  <p>${sentences.slice(2).map(holdUnits).join(' ')}</p>
  <dl class="figures">${figures.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>
</header>
<section>
  <h2>Instructions</h2>
  <p class="legend" aria-hidden="true">${legend.map(
    ([name, meaning]) => html`<span class="entry"><span class="key ${name}"></span>${meaning}</span> `,
  )}</p>
  <figure class="chart whole">${plotProfile(analysis)}</figure>
</section>
${tables.map((table) => html`<section><h2>${table.title}</h2>${renderTable(table)}</section>`)}
<section><h2>Notes</h2>${profileNotes.map((note) => html`<p>${note}</p>`)}</section>`,
  });
}
