/** A run is never written over, around or among the pictures that it learns from. */
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { OptionError } from '../core/errors.ts';

/** The path without links, also where its end does not exist yet. */
async function resolveLinks(place: string): Promise<string> {
  const whole = path.resolve(place);
  try {
    return await realpath(whole);
  } catch {
    const parent = path.dirname(whole);
    return parent === whole ? whole : path.join(await resolveLinks(parent), path.basename(whole));
  }
}

function isWithin(inner: string, outer: string): boolean {
  const way = path.relative(outer, inner);
  return way === '' || (!path.isAbsolute(way) && way.split(path.sep)[0] !== '..');
}

/**
 * Checks where a run is to be written, before anything is touched.
 *
 * @param place the run's folder
 * @param pictures the folders of pictures
 * @throws OptionError where the run's folder is one of them, lies in one, or one lies in it
 */
export async function checkRunPlace(place: string, pictures: readonly string[]): Promise<void> {
  const run = await resolveLinks(place);
  for (const folder of pictures) {
    const data = await resolveLinks(folder);
    if (!isWithin(run, data) && !isWithin(data, run)) continue;
    const received =
      run === data ? 'the pictures themselves' : isWithin(run, data) ? 'a place among them' : 'one around them';
    throw new OptionError(
      `run folder: expected a place apart from the pictures in ${folder}, received ${received} (${place}). ` +
        'Choose another --out, or another current folder.',
    );
  }
}
