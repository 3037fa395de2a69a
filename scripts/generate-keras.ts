/** Writes the lists of docs/keras.md: names of Keras, cajal's, and what was compared. What stands above the lists is written
 * by hand. */
import { readFileSync, writeFileSync } from 'node:fs';
import { compareNames } from './keras/comparison.ts';
import { Goldens } from './keras/goldens.ts';
import { marker, pageOf } from './keras/page.ts';
import { kerasSections } from './keras/sections.ts';

const target = new URL('../docs/keras.md', import.meta.url);
const [text = ''] = readFileSync(target, 'utf8').split('<!-- names');
const goldens = new Goldens();
const sections = await compareNames(kerasSections, goldens);
writeFileSync(target, `${text.trimEnd()}\n\n${marker}\n\n${pageOf(sections, goldens)}`);
