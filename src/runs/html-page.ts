/** What all pages of a run are: one HTML file that needs no other, no network and no script. */
import { html, Markup } from './html.ts';
import { reportStyle } from './report-style.ts';

/** A page may show what is in it and nothing else: no script runs and nothing is fetched, whatever a file name holds. */
const contentPolicy =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** What differs from page to page. */
export interface HtmlPage {
  /** Default `en`. */
  readonly language?: string;
  readonly title: string;
  /** Of cajal. */
  readonly version: string;
  /** Rules beside those of all pages. */
  readonly style?: string;
  /** What stands in `<main>`. */
  readonly main: Markup;
}

/** The text of the file. */
export function renderPage({ language = 'en', title, version, style = '', main }: HtmlPage): string {
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="cajal ${version}">
<title>${title}</title>
<style>${new Markup(reportStyle + style)}</style>
</head>
<body>
<main>
${main}
</main>
</body>
</html>
`.text;
}
