/** HTML by template: everything put into a template is escaped, unless it came from a template itself. Names of files and
 * classes are input from strangers. */

/** HTML that is known to be well formed and safe. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What a template can hold; `undefined` and `false` are nothing. */
export type Content = Markup | string | number | undefined | false | readonly Content[];

const replacements: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Characters that no HTML file may hold (all control characters but tab and line ends). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
const unprintable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/** `text` as it may stand in HTML, inside an element or a quoted attribute. Unprintable characters become U+FFFD. */
export function escapeHtml(text: string): string {
  return text
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(unprintable, '\ufffd')
    .replace(/[&<>"']/g, (character) => replacements[character]!);
}

function render(content: Content): string {
  if (content === undefined || content === false) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'object') return content.map(render).join('');
  return escapeHtml(String(content));
}

/**
 * The tag of a template.
 * @example
 * html`<p title="${title}">${name}</p>`
 */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(strings.map((string, index) => string + render(values[index])).join(''));
}

/** A name from outside: isolated, so that right-to-left letters or marks in it cannot reorder the words around it. */
export function htmlName(name: string): Markup {
  return html`<bdi>${name}</bdi>`;
}
