/** An audit as one HTML page with pictures, which needs no other file, no network and no script. */
import path from 'node:path';
import {
  type AuditedFile,
  type AuditReport,
  type FileReference,
  type Finding,
  flagMeaning,
  mostExtreme,
  percent,
  qualityFlags,
} from '../audit/index.ts';
import { plotClasses, plotSizes } from './audit-charts.ts';
import { type Content, html, htmlName, type Markup } from './html.ts';
import { renderPage } from './html-page.ts';
import { Thumbnails } from './thumbnails.ts';

/** What the page needs beside the audit. */
export interface AuditPageOptions {
  readonly findings: readonly Finding[];
  /** Of cajal. */
  readonly version: string;
}

/** So many sets, groups, pictures of a group, flagged pictures and skipped files are shown; audit.json has them all. */
const mostSets = 12;
const perSet = 5;
const mostGroups = 8;
const perGroup = 5;
const mostFlagged = 10;
const mostLabels = 20;
const mostSkipped = 200;

const style = `
.finding { border-left: 4px solid var(--soft); padding: 0.1rem 0 0.1rem 1rem; margin: 1.25rem 0; }
.finding.problem { border-color: var(--training); }
.finding.caution { border-color: var(--warn); }
.finding h3 { margin: 0 0 0.3rem; font-weight: 600; max-width: 46rem; }
.finding ul { margin: 0.3rem 0; padding-left: 1.1rem; color: var(--muted); font-size: 0.88rem; overflow-wrap: anywhere; }
.finding p { margin: 0.3rem 0; }
.severity { display: inline-block; font-size: 0.75rem; font-weight: 600; color: var(--muted); text-transform: uppercase; letter-spacing: 0.04em; margin-bottom: 0.15rem; }
.problem .severity { color: var(--training); }
.caution .severity { color: var(--warn); }
.set { border-top: 1px solid var(--line); padding: 0.9rem 0 0.2rem; }
.set > p { margin: 0 0 0.5rem; font-size: 0.9rem; max-width: none; }
.gallery.row { grid-template-columns: repeat(auto-fill, minmax(min(9rem, 45%), 1fr)); margin: 0.4rem 0; }
`;

const words: Readonly<Record<Finding['severity'], string>> = {
  problem: 'Problem',
  caution: 'Look at it',
  note: 'Note',
};

/** The text of the page. Pictures are read from the folders again. */
export async function renderAuditPage(report: AuditReport, { findings, version }: AuditPageOptions): Promise<string> {
  const thumbnails = new Thumbnails(report.folder, report.validationFolder);
  const sections = [
    await renderConflicts(report, thumbnails),
    await renderCopies(report, thumbnails),
    await renderGroups(report, thumbnails),
    await renderLabels(report, thumbnails),
    await renderFlagged(report, thumbnails),
    renderSkipped(report),
  ];
  return renderPage({
    title: `Audit of ${path.basename(path.resolve(report.folder))}`,
    version,
    style,
    main: html`<header>
  <p class="kicker">${report.folder}${report.validationFolder !== null && ` and ${report.validationFolder}`}</p>
  <h1>Audit of ${htmlName(path.basename(path.resolve(report.folder)))}</h1>
  <p class="verdict">${verdict(findings)}</p>
  ${renderFigures(report)}
</header>
<section><h2>Findings</h2>
${findings.length === 0 ? html`<p>Nothing stands out: no copies, no broken files, even classes.</p>` : findings.map(renderFinding)}
</section>
${renderCounts(report)}
${sections}`,
  });
}

function verdict(findings: readonly Finding[]): string {
  const problems = findings.filter(({ severity }) => severity === 'problem');
  const [worst] = problems;
  if (worst === undefined) return 'Nothing here makes results misleading by itself.';
  return problems.length === 1 ? worst.title : `${problems.length} problems, of which the first: ${worst.title}`;
}

function renderFigures({
  files,
  validationFolder,
  validationFiles,
  classNames,
  groups,
  duplicates,
  skipped,
}: AuditReport): Markup {
  const same = duplicates.reduce((sum, set) => sum + set.files.length, 0);
  const figures: [string, string][] = [
    ['Pictures', number(files.length)],
    ...(validationFolder === null ? [] : [['Second folder', number(validationFiles.length)] as [string, string]]),
    ['Classes', number(classNames.length)],
    ['Groups', groups.source === 'none' ? 'none' : number(groups.count)],
    ['Sure of groups', groups.source === 'none' ? '–' : percent(groups.confidence)],
    ['Same bytes', number(same)],
    ['Left out', number(skipped.length)],
  ];
  return html`<dl class="figures">${figures.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function renderFinding({ severity, title, examples, advice, command }: Finding): Markup {
  return html`<div class="finding ${severity}"><span class="severity">${words[severity]}</span><h3>${title}</h3>
    ${examples.length > 0 && html`<ul>${examples.map((example) => html`<li>${htmlName(example)}</li>`)}</ul>`}
    ${advice !== undefined && html`<p>${advice}</p>`}
    ${command !== undefined && html`<pre class="command">${command}</pre>`}</div>`;
}

function renderCounts(report: AuditReport): Markup {
  const { classes, validationFolder, formats, modes } = report;
  const total = classes.reduce((sum, { count }) => sum + count, 0);
  const hasSecond = validationFolder !== null;
  const list = (tallies: AuditReport['formats']) =>
    tallies.map(({ value, count }) => `${value} ${number(count)}`).join(', ');
  return html`<section><h2>What is there</h2>
  <div class="charts"><figure class="chart">${plotClasses(report)}</figure>
  <figure class="chart">${plotSizes([...report.files, ...report.validationFiles])}</figure></div>
  <div class="scroll"><table class="numbers">
  <thead><tr><th scope="col">Class</th><th scope="col">Pictures</th><th scope="col">Share</th>${hasSecond && html`<th scope="col">Second folder</th>`}</tr></thead>
  <tbody>${classes.map(
    ({ name, count, validationCount }) =>
      html`<tr><th scope="row">${htmlName(name)}</th><td>${number(count)}</td><td>${percent(count / Math.max(1, total))}</td>${hasSecond && html`<td>${number(validationCount)}</td>`}</tr>`,
  )}</tbody></table></div>
  <p>Formats: ${list(formats)}. Colours: ${list(modes)}.</p></section>`;
}

/** One set of files with their pictures. */
async function renderSet(
  title: Content,
  files: readonly FileReference[],
  thumbnails: Thumbnails,
  most: number,
): Promise<Markup> {
  const items = await Promise.all(
    files.slice(0, most).map(async (file) => html`<li>${await thumbnails.figure(file)}</li>`),
  );
  return html`<div class="set"><p>${title}</p><ul class="gallery row">${items}</ul></div>`;
}

async function renderSets(
  heading: string,
  explanation: string,
  sets: AuditReport['duplicates'],
  thumbnails: Thumbnails,
): Promise<Markup | false> {
  if (sets.length === 0) return false;
  const shown = await Promise.all(
    sets.slice(0, mostSets).map((set) => {
      const files = spread(set.files, set.classNames);
      const more = set.files.length > perSet ? `${number(set.files.length)} files, ${perSet} of them shown; ` : '';
      const classes = html`${set.classNames.length > 1 ? 'classes ' : 'class '}${set.classNames.map((name, at) => html`${at > 0 && ', '}${htmlName(name)}`)}`;
      return renderSet(
        html`${more}${classes}${set.isLeak && html` <strong>in both folders</strong>`}`,
        files,
        thumbnails,
        perSet,
      );
    }),
  );
  const rest = sets.length > mostSets && html`<p>${number(sets.length - mostSets)} more sets are in the JSON file.</p>`;
  return html`<section><h2>${heading}</h2><p>${explanation}</p>${shown}${rest}</section>`;
}

/** The files of a set in turns: one of each class and folder first. */
function spread(files: readonly FileReference[], classNames: readonly string[]): FileReference[] {
  const kinds = classNames.flatMap((name) => ['training', 'validation'].map((split) => ({ name, split })));
  const first = kinds.flatMap(({ name, split }) => {
    const found = files.find((file) => file.split === split && file.path.startsWith(`${name}/`));
    return found ? [found] : [];
  });
  return [...first, ...files.filter((file) => !first.includes(file))];
}

function renderConflicts({ copies }: AuditReport, thumbnails: Thumbnails): Promise<Markup | false> {
  return renderSets(
    'Copies with different labels',
    'These pictures show the same, by their pixels, and lie in different classes or in both folders.',
    copies.sets.filter(({ classNames, isLeak }) => classNames.length > 1 || isLeak),
    thumbnails,
  );
}

function renderCopies({ duplicates }: AuditReport, thumbnails: Thumbnails): Promise<Markup | false> {
  return renderSets(
    'The same file several times',
    'Equal to the last byte; one of each is enough.',
    duplicates,
    thumbnails,
  );
}

async function renderGroups(
  { files, groups, nameProposals }: AuditReport,
  thumbnails: Thumbnails,
): Promise<Markup | false> {
  if (groups.source === 'none') return false;
  const members = new Map<string, AuditedFile[]>();
  for (const file of files) {
    if (file.group === null) continue;
    const list = members.get(file.group);
    if (list) list.push(file);
    else members.set(file.group, [file]);
  }
  const sorted = [...members].filter(([, list]) => list.length > 1).sort((a, b) => b[1].length - a[1].length);
  const step = Math.max(1, Math.floor(sorted.length / mostGroups));
  const chosen = sorted.filter((_, place) => place % step === 0).slice(0, mostGroups);
  const shown = await Promise.all(
    chosen.map(([, list]) => {
      const apart = Math.max(1, Math.floor(list.length / perGroup));
      const some = list.filter((_, place) => place % apart === 0).slice(0, perGroup);
      const title = `${number(list.length)} pictures`;
      return renderSet(
        title,
        some.map(({ path: name }) => ({ split: 'training' as const, path: name })),
        thumbnails,
        perGroup,
      );
    }),
  );
  const proposals = nameProposals.map(
    ({ pattern, groupCount, verdict: said, copiesTogether, copiesByChance }) =>
      html`<tr><th scope="row"><code>${pattern}</code></th><td>${number(groupCount)}</td><td>${said}</td><td>${copiesTogether === null ? '–' : percent(copiesTogether)}</td><td>${copiesByChance === null ? '–' : percent(copiesByChance)}</td></tr>`,
  );
  return html`<section><h2>Groups: what belongs together</h2>
  <p>${number(groups.count)} groups by ${groups.source}, confidence ${percent(groups.confidence)}: ${groups.reason}. Pictures of one group
  belong on one side of a split. Some groups, from the largest to the smallest:</p>${shown}
  ${
    proposals.length > 0 &&
    html`<h3>What file names suggest</h3><div class="scroll"><table class="numbers"><thead><tr><th scope="col">Pattern</th><th scope="col">Groups</th><th scope="col">The pictures say</th><th scope="col">Copies together</th><th scope="col">By chance</th></tr></thead><tbody>${proposals}</tbody></table></div>`
  }</section>`;
}

async function renderLabels({ labelIssues }: AuditReport, thumbnails: Thumbnails): Promise<Markup | false> {
  if (labelIssues === null || labelIssues.length === 0) return false;
  const items = await Promise.all(
    labelIssues.slice(0, mostLabels).map(async ({ path: name, className, suggested }) => {
      const said = html`<span>${htmlName(className)}, looks like <strong>${htmlName(suggested)}</strong></span>`;
      return html`<li>${await thumbnails.figure({ split: 'training', path: name }, said)}</li>`;
    }),
  );
  return html`<section><h2>Labels that are likely wrong</h2><p>The likeliest first, by confident learning.</p>
  <ul class="gallery row">${items}</ul></section>`;
}

async function renderFlagged({ files, validationFiles }: AuditReport, thumbnails: Thumbnails): Promise<Markup | false> {
  const second = new Set(validationFiles);
  const sheets = await Promise.all(
    qualityFlags.map(async (flag) => {
      const flagged = mostExtreme(
        [...files, ...validationFiles].filter(({ flags }) => flags.includes(flag)),
        flag,
      );
      if (flagged.length === 0) return false;
      const references = flagged.map((file) => ({
        split: second.has(file) ? ('validation' as const) : ('training' as const),
        path: file.path,
      }));
      const title = `${number(flagged.length)} ${flagged.length === 1 ? 'is' : 'are'} ${flagMeaning(flag)}`;
      return renderSet(
        flagged.length > mostFlagged ? `${title}; the ${mostFlagged} most so` : title,
        references,
        thumbnails,
        mostFlagged,
      );
    }),
  );
  if (sheets.every((sheet) => sheet === false)) return false;
  return html`<section><h2>Odd pictures</h2><p>They stand out of their set, the most extreme first.</p>${sheets}</section>`;
}

function renderSkipped({ skipped }: AuditReport): Markup | false {
  if (skipped.length === 0) return false;
  const rows = skipped
    .slice(0, mostSkipped)
    .map(
      ({ path: name, reason, detail }) =>
        html`<tr><th scope="row" class="file">${htmlName(name)}</th><td>${reason}${detail !== undefined && html`<br><span class="file">${detail}</span>`}</td></tr>`,
    );
  return html`<section><h2>Files that are left out</h2><p>${number(skipped.length)} files${skipped.length > mostSkipped && `, ${mostSkipped} of them named`}.</p>
  <div class="scroll"><table><thead><tr><th scope="col">File</th><th scope="col">Why</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
