/** The style sheet of the report. Blue and orange are told apart with every kind of colour blindness, and nothing is said
 * by colour alone. */
export const reportStyle: string = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1d2530; --muted: #586573; --line: #dfe4ea; --panel: #f5f7f9; --link: #0b5cad;
  --training: #c4510a; --validation: #0b63b0; --test: #5c7f1f; --soft: #8894a0; --best: #586573;
  --heat: #052f60; --on-panel: #000000; --on-heat: #ffffff; --warn: #9a5b00; --warn-panel: #fff7e6;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14181d; --ink: #e4e9ee; --muted: #9aa7b4; --line: #303841; --panel: #1b2128; --link: #7cbcf5;
    --training: #f0a04b; --validation: #6bb3f2; --test: #a8cc62; --soft: #77838f; --best: #9aa7b4;
    --heat: #78b6ee; --on-panel: #ffffff; --on-heat: #000000; --warn: #f0b75a; --warn-panel: #2a2213;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
}
main { max-width: 60rem; margin: 0 auto; padding: 2.5rem 1.25rem 5rem; }
h1 { font-size: clamp(1.6rem, 1.2rem + 1.8vw, 2.3rem); line-height: 1.2; margin: 0 0 1rem; letter-spacing: -0.015em; text-wrap: balance; overflow-wrap: anywhere; }
h2 { font-size: 1.3rem; line-height: 1.3; margin: 3rem 0 0.5rem; letter-spacing: -0.01em; }
h3 { font-size: 1rem; margin: 2rem 0 0.5rem; }
p { margin: 0 0 1rem; max-width: 42rem; overflow-wrap: break-word; }
section > p { color: var(--muted); }
a { color: var(--link); text-underline-offset: 0.15em; }
.kicker { color: var(--muted); font-size: 0.875rem; margin-bottom: 0.35rem; overflow-wrap: anywhere; }
.verdict { font-size: clamp(1.1rem, 1rem + 0.5vw, 1.3rem); line-height: 1.45; text-wrap: pretty; }
.figures { display: flex; flex-wrap: wrap; gap: 1px; margin: 1.25rem 0 0; background: var(--line); border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
.figures > div { flex: 1 1 auto; min-width: 6.5rem; background: var(--paper); padding: 0.7rem 0.9rem; }
.figures dt { color: var(--muted); font-size: 0.8rem; overflow-wrap: anywhere; }
.figures dd { margin: 0; font-size: 1.1rem; font-weight: 600; font-variant-numeric: tabular-nums; white-space: nowrap; }
.warnings { background: var(--warn-panel); border-left: 4px solid var(--warn); border-radius: 0 8px 8px 0; padding: 1rem 1.25rem; margin-top: 2rem; }
.warnings h2 { margin: 0 0 0.4rem; font-size: 1rem; }
.warnings ul { margin: 0; padding-left: 1.1rem; max-width: 46rem; }
.warnings li { margin: 0.35rem 0; overflow-wrap: break-word; }
.scroll { overflow-x: auto; margin: 0.75rem 0; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 0.35rem 0.75rem; text-align: left; font-weight: 400; border-bottom: 1px solid var(--line); vertical-align: top; }
th:first-child, td:first-child { padding-left: 0; }
thead th { color: var(--muted); font-size: 0.85rem; vertical-align: bottom; }
.numbers { width: 100%; max-width: 46rem; }
.numbers td, .numbers thead th:not(:first-child) { text-align: right; white-space: nowrap; }
tbody th[scope=row], tfoot th { overflow-wrap: break-word; }
tfoot tr:first-child > * { border-top: 2px solid var(--line); }
tr.best > * { font-weight: 700; }
.file { font-size: 0.85rem; overflow-wrap: anywhere; }
.matrix { border-collapse: separate; border-spacing: 3px; }
.matrix caption { text-align: left; color: var(--muted); font-size: 0.85rem; padding-bottom: 0.25rem; }
.matrix th, .matrix thead td { border: 0; padding: 0.25rem 0.4rem; }
.matrix thead tr:first-child th { text-align: center; color: var(--muted); font-size: 0.85rem; border-bottom: 1px solid var(--line); }
.matrix thead tr:last-child th { text-align: center; max-width: 8.5rem; overflow-wrap: break-word; }
.matrix thead tr:last-child th:first-child { text-align: left; }
.matrix tbody th { padding-left: 0; max-width: 10rem; vertical-align: middle; }
.matrix tbody td {
  text-align: center; vertical-align: middle; min-width: 4.6rem; padding: 0.55rem 0.3rem; border: 2px solid transparent; border-radius: 6px; font-weight: 600; color: var(--on-panel);
  background: var(--panel); background: color-mix(in oklab, var(--heat) var(--share), var(--panel)); print-color-adjust: exact; -webkit-print-color-adjust: exact;
}
.matrix td small { display: block; font-weight: 400; font-size: 0.75rem; }
.matrix td.strong { color: var(--on-heat); }
.matrix td.right { border-color: var(--ink); }
.matrix.dense { border-spacing: 1px; font-size: 0.7rem; }
.matrix.dense tbody td { min-width: 1.9rem; padding: 0.2rem; border-width: 1px; border-radius: 2px; }
.matrix.dense thead tr:last-child th:not(:first-child) { writing-mode: vertical-rl; rotate: 180deg; text-align: left; max-height: 10rem; }
.chart { margin: 0; min-width: 0; }
.chart svg { --plot-background: var(--paper); width: 100%; height: auto; color: var(--ink); }
.chart svg text { font-family: inherit; }
.chart.wide { max-width: 34rem; margin: 0.5rem 0; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)); gap: 1.5rem; }
.chart figcaption { font-size: 0.9rem; overflow-wrap: anywhere; }
.legend { font-size: 0.9rem; color: var(--ink); margin: 0.5rem 0; }
.key { display: inline-block; width: 0.8rem; height: 0.8rem; border-radius: 2px; margin: 0 0.4rem 0 0; vertical-align: -0.05rem; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.key:not(:first-child) { margin-left: 1rem; }
.key.training, .key.validation { width: 1.8rem; height: 0; border-radius: 0; vertical-align: 0.25rem; border-top: 2.5px dashed var(--training); }
.key.validation { border-top: 2.5px solid var(--validation); }
.gallery { list-style: none; margin: 0.75rem 0; padding: 0; display: grid; gap: 0.9rem 0.75rem; }
.gallery.small { grid-template-columns: repeat(auto-fill, minmax(5.6rem, 1fr)); }
.gallery.large { grid-template-columns: repeat(auto-fill, minmax(min(11rem, 45%), 1fr)); }
.gallery figure { margin: 0; }
.gallery img { display: block; width: 100%; height: auto; aspect-ratio: 1; object-fit: contain; background: var(--panel); border-radius: 6px; }
.gallery img.pixels { image-rendering: pixelated; }
.gallery figcaption { font-size: 0.78rem; line-height: 1.4; margin-top: 0.3rem; overflow-wrap: anywhere; }
.gallery.large figcaption { font-size: 0.85rem; }
.gallery figcaption span { display: block; }
.gallery .file { color: var(--muted); font-size: 0.75rem; }
details { margin: 1rem 0; }
summary { cursor: pointer; color: var(--link); width: fit-content; }
pre { background: var(--panel); border-radius: 8px; padding: 0.9rem 1.1rem; overflow-x: auto; font: 0.82rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
pre.command { white-space: pre-wrap; overflow-wrap: anywhere; }
code { font: 0.85em ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(18rem, 100%), 1fr)); gap: 0 2rem; margin: 0.75rem 0; }
.facts > div { display: flex; gap: 1rem; padding: 0.35rem 0; border-bottom: 1px solid var(--line); }
.facts dt { flex: 0 0 6.5rem; color: var(--muted); }
.facts dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
@media (max-width: 34rem) {
  main { padding: 1.5rem 1rem 3rem; }
  table { font-size: 0.9rem; }
  th, td { padding: 0.35rem 0.4rem; }
  .matrix { border-spacing: 2px; font-size: 0.8rem; }
  .matrix thead tr:last-child th:not(:first-child) { writing-mode: vertical-rl; rotate: 180deg; text-align: left; vertical-align: top; padding: 0.3rem; }
  .matrix tbody td { padding: 0.45rem 0.1rem; }
  .matrix tbody td { min-width: 3.6rem; }
}
@media print {
  :root {
    color-scheme: light;
    --paper: #ffffff; --ink: #000000; --muted: #444444; --line: #cccccc; --panel: #f4f4f4; --link: #000000;
    --training: #c4510a; --validation: #0b63b0; --test: #5c7f1f; --soft: #8894a0; --best: #444444;
    --heat: #052f60; --on-panel: #000000; --on-heat: #ffffff; --warn: #9a5b00; --warn-panel: #ffffff;
  }
  body { font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  h2 { margin-top: 1.6rem; }
  h2, h3, section > p, .legend { break-after: avoid; }
  figure, tr, li, .figures, .warnings { break-inside: avoid; }
  .scroll { overflow: visible; }
  details:not([open]) { display: none; }
}
`;
