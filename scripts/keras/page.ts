/** The generated part of docs/keras.md. */
import type { ComparedName, ComparedSection, Standing } from './comparison.ts';
import type { Goldens } from './goldens.ts';

/** Above it, docs/keras.md is written by hand. */
export const marker = '<!-- names: written by `npm run generate` from scripts/keras, do not edit below -->';

const standings: readonly (readonly [Standing, string])[] = [
  ['equal', 'numbers that Keras computed, or who is named in its place, are met: the goldens'],
  ['differs', 'what is there is compared, and the list says what is not the same, and why'],
  ['own test', 'nothing to take numbers from, or nothing but behaviour: a test of cajal’s own says what Keras does'],
  ['absent', 'not here'],
  ['unexplained', 'a mistake in this list'],
];

/** The page below the marker. */
export function pageOf(sections: readonly ComparedSection[], goldens: Goldens): string {
  const parts = [compared(sections, goldens), ...sections.map(sectionText), notHere(sections)];
  return `${parts.join('\n\n')}\n`;
}

function compared(sections: readonly ComparedSection[], goldens: Goldens): string {
  const names = sections.flatMap((section) => section.names);
  const counts = standings.map(([standing, words]) => {
    const count = names.filter((name) => name.standing === standing).length;
    return { standing, words, count };
  });
  const shown = counts.filter(({ standing, count }) => count > 0 || standing === 'absent');
  return [
    '## What was compared',
    '',
    `${names.length} names. Whether one is equal is counted from the goldens, not written by hand: each of their cases carries the name of what computed it, and \`npm test\` compares every case.`,
    '',
    table(
      ['', 'names', 'which means'],
      shown.map(({ standing, words, count }) => [standing, String(count), words]),
    ),
    '',
    'Options are compared too: a name counts as equal only where cajal takes every option that Keras’s has, but for those that are explained above a table. Defaults of layers and optimizers are the same, or it would be told.',
    '',
    table(
      ['goldens', 'cases', 'made with'],
      goldens.files.map(({ file, cases, madeWith }) => [`[${file}](../test/golden/${file})`, String(cases), madeWith]),
    ),
    '',
    'Why which backend of Keras: [goldens](decisions/keras-golden-backend.md).',
  ].join('\n');
}

function sectionText({ title, words, without, names }: ComparedSection): string {
  const left = Object.entries(without ?? {});
  const reasons = [...new Set(left.map(([, reason]) => reason))].map((reason) => {
    const options = left.filter(([, one]) => one === reason).map(([option]) => `\`${option}\``);
    return `${options.join(', ')} (${reason})`;
  });
  return [
    `## ${title}`,
    '',
    words,
    ...(reasons.length > 0 ? ['', `Options that none of them takes: ${reasons.join('; ')}.`] : []),
    '',
    table(['Keras', 'cajal', '', 'compared', 'what to know'], names.map(row)),
  ].join('\n');
}

function row(name: ComparedName): string[] {
  return [kerasText(name.keras), `\`${name.cajal}\``, name.standing, comparison(name), knowledge(name)];
}

/** Prose stays prose; `keras.` goes without saying. */
function kerasText(keras: string): string {
  return /^[\w.]+(\(.*\))?$/.test(keras) ? `\`${keras.replace(/^keras\.(?=.)/, '')}\`` : keras;
}

function comparison({ cases, test }: ComparedName): string {
  const count = cases.reduce((sum, one) => sum + one.count, 0);
  const options = [...new Set(cases.flatMap((one) => one.options))];
  const shown = options.length > 0 ? `: ${options.map((option) => `\`${option}\``).join(' ')}` : '';
  const goldens = count === 0 ? [] : [`${count} ${count === 1 ? 'case' : 'cases'}${shown}`];
  const file = test?.[0];
  const own = file === undefined ? [] : [`[${file.split('/').at(-1)}](../${file})`];
  return [...goldens, ...own].join('; ');
}

function knowledge({ differs, lacks = {}, spelled = {}, problems }: ComparedName): string {
  const other = Object.entries(spelled).map(([option, own]) =>
    own.startsWith('(') ? `\`${option}\` is the first argument.` : `\`${option}\` is \`${own}\`.`,
  );
  const reasons = [...new Set(Object.values(lacks))].map((reason) => {
    const options = Object.entries(lacks).filter(([, one]) => one === reason);
    return `${options.map(([option]) => `\`${option}\``).join(', ')} (${reason})`;
  });
  const missing = reasons.length > 0 ? [`Without ${reasons.join('; ')}.`] : [];
  return [...problems, ...(differs === undefined ? [] : [differs]), ...other, ...missing].join(' ');
}

function notHere(sections: readonly ComparedSection[]): string {
  const lists = sections.flatMap(({ module, notHere: names }) => {
    if (module === undefined || names.length === 0) return [];
    return [`- \`${module}\`: ${names.map((name) => `\`${name.slice(module.length + 1)}\``).join(', ')}.`];
  });
  return [
    '## Not here',
    '',
    'What Keras has besides: for sound, text and sequences, for other back ends, and rarer forms of what is above.',
    '',
    ...lists,
  ].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}
