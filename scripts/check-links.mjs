/** Checks that links between documents lead somewhere: to a file that is there and to a heading that is in it. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isMain, listFiles, report, root } from './project.mjs';

/** @param {string} text */
function withoutCode(text) {
  return text
    .replaceAll(/^(```|~~~)[\s\S]*?^\1/gm, '')
    .replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()]/g, ' '));
}

/**
 * The anchors of a document as GitHub makes them: headings in small letters, with hyphens, numbered where they repeat.
 * @param {string} text
 * @returns {Set<string>}
 */
export function anchorsOf(text) {
  const anchors = new Set([...text.matchAll(/\s(?:id|name)="([^"]+)"/g)].map(([, id = '']) => id));
  const headings = text.replaceAll(/^(```|~~~)[\s\S]*?^\1/gm, '').matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm);
  for (const [, heading = ''] of headings) {
    const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', '');
    const slug = plain
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-');
    let anchor = slug;
    for (let count = 1; anchors.has(anchor); count++) anchor = `${slug}-${count}`;
    anchors.add(anchor);
  }
  return anchors;
}

/**
 * The links of a document, pictures and HTML included, without those to other places.
 * @param {string} text
 * @returns {string[]}
 */
export function linksOf(text) {
  const plain = withoutCode(text);
  const patterns = [/\]\(\s*<?([^\s)>]+)>?(?:\s+"[^"]*")?\s*\)/g, /^\[[^\]]+\]:\s*(\S+)/gm, /(?:href|src)="([^"]+)"/g];
  const links = patterns.flatMap((pattern) => [...plain.matchAll(pattern)].map(([, link = '']) => link));
  return links.filter((link) => !/^[a-z][a-z+.-]*:/i.test(link));
}

/** @returns {string[]} */
export function checkLinks() {
  const problems = [];
  for (const file of listFiles().filter((name) => name.endsWith('.md'))) {
    const text = readFileSync(path.join(root, file), 'utf8');
    for (const link of linksOf(text)) {
      const [target = '', anchor] = link.split('#');
      const found = target === '' ? file : path.posix.join(path.posix.dirname(file), decodeURI(target));
      if (found.startsWith('..') || !existsSync(path.join(root, found)))
        problems.push(`${file}: ${link} leads nowhere.`);
      else if (
        anchor &&
        found.endsWith('.md') &&
        !anchorsOf(readFileSync(path.join(root, found), 'utf8')).has(anchor)
      ) {
        problems.push(`${file}: ${link} names a heading that is not in ${found}.`);
      }
    }
  }
  return problems;
}

if (isMain(import.meta.url)) report('links between documents lead somewhere', checkLinks());
