/** Writes a synthetic smear set as PNG class folders, `train` and `test`. The folder appears whole or not at all. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { AbortError, DataError } from '../../../core/errors.ts';
import { checkKeys, checkNumber } from '../../../core/options.ts';
import { cellKinds, type DividedSmearSet, defaultSmearSet, drawSmear, type SmearItem, smearSet } from '../index.ts';

/** Which set to write; what is absent is as in `defaultSmearSet`. */
export interface WriteSmearSetOptions extends Partial<DividedSmearSet> {
  /** Stops the writing and removes what is written. */
  signal?: AbortSignal;
}

/** Called after each picture with how many are written, and how many there are. */
export type SmearSetProgress = (written: number, total: number) => void;

/** What `writeSmearSet` has made. */
export interface WrittenSmearSet {
  /** Class folders with the pictures to train on. */
  readonly trainFolder: string;
  /** Class folders with pictures of slides that `trainFolder` has none of. */
  readonly testFolder: string;
  /** Numbers of pictures. */
  readonly train: number;
  readonly test: number;
  /** False where the folder already held this very set, and nothing was drawn. */
  readonly isNew: boolean;
}

const manifestName = 'smear-set.json';
const picturesInFlight = 16;

type Part = 'train' | 'test';

function checkOptions(options: WriteSmearSetOptions): DividedSmearSet {
  checkKeys('writeSmearSet', options, [...Object.keys(defaultSmearSet), 'signal']);
  const { signal: _, ...given } = options;
  const set = { ...defaultSmearSet, ...given };
  checkNumber('writeSmearSet', 'slides', set.slides, { integer: true, min: 2, max: 9999 });
  checkNumber('writeSmearSet', 'testSlides', set.testSlides, { integer: true, min: 1, max: set.slides - 1 });
  return set;
}

/** The set's options and a hash of its first pictures, which tells whether the drawing itself has changed. */
function describe(set: DividedSmearSet): string {
  const { seed, size } = set;
  const hash = createHash('sha256');
  for (const [index, kind] of cellKinds.entries()) hash.update(drawSmear({ seed, slide: 0, index, kind, size }));
  return `${JSON.stringify({ ...set, firstPictures: hash.digest('hex') }, null, 2)}\n`;
}

async function countPictures(folder: string, part: Part): Promise<number> {
  const names = await Promise.all(cellKinds.map((kind) => readdir(path.join(folder, part, kind))));
  return names.flat().filter((name) => name.endsWith('.png')).length;
}

/** Whether the folder holds this set already; throws where it holds anything else. */
async function isWritten(folder: string, manifest: string, expected: Record<Part, number>): Promise<boolean> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new DataError(`writeSmearSet: expected a folder, received ${folder} (${error.code}). Choose another path.`, {
      cause: error,
    });
  });
  if (names.length === 0) return false;
  try {
    const found = await readFile(path.join(folder, manifestName), 'utf8');
    const [train, test] = await Promise.all([countPictures(folder, 'train'), countPictures(folder, 'test')]);
    if (found === manifest && train === expected.train && test === expected.test) return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  throw new DataError(
    `writeSmearSet: expected an empty folder or the same set, received ${folder}, which holds something else. ` +
      'Delete it or choose another folder.',
  );
}

async function encode(folder: string, part: Part, size: number, { kind, name, pixels }: SmearItem): Promise<void> {
  const png = sharp(pixels, { raw: { width: size, height: size, channels: 3 } }).png({ compressionLevel: 4 });
  await png.toFile(path.join(folder, part, kind, name));
}

/** Waits for all, also where one fails, so that nothing writes any more afterwards. */
async function settle(writes: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(writes)).find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

async function drawInto(
  folder: string,
  set: DividedSmearSet,
  signal: AbortSignal | undefined,
  onProgress: SmearSetProgress,
): Promise<void> {
  const { testSlides, ...whole } = set;
  const total = set.slides * set.picturesPerSlide;
  for (const part of ['train', 'test']) {
    for (const kind of cellKinds) await mkdir(path.join(folder, part, kind), { recursive: true });
  }
  let written = 0;
  let inFlight: Promise<void>[] = [];
  for (const item of smearSet(whole)) {
    const part = item.slide < set.slides - testSlides ? 'train' : 'test';
    inFlight.push(encode(folder, part, set.size, item));
    if (inFlight.length === picturesInFlight || written + inFlight.length === total) {
      await settle(inFlight);
      written += inFlight.length;
      inFlight = [];
      onProgress(written, total);
    }
    if (signal?.aborted) {
      await settle(inFlight);
      throw new AbortError(`writeSmearSet: stopped after ${written} of ${total} pictures.`, { cause: signal.reason });
    }
  }
}

/**
 * Draws a set and writes it as `folder/train/<kind>/slide03_0012.png` and `folder/test/<kind>/…`. Slides are either in
 * `train` or in `test`. A folder that holds the same set already is left as it is.
 *
 * @throws {OptionError} where an option is unknown or out of its range
 * @throws {DataError} where the folder holds something else
 * @throws {AbortError} where the signal stopped it; nothing is left behind
 * @example
 * const { trainFolder, testFolder } = await writeSmearSet('smears', {}, (written, total) => show(written / total));
 */
export async function writeSmearSet(
  folder: string,
  options: WriteSmearSetOptions = {},
  onProgress: SmearSetProgress = () => {},
): Promise<WrittenSmearSet> {
  const set = checkOptions(options);
  const manifest = describe(set);
  const test = set.testSlides * set.picturesPerSlide;
  const train = set.slides * set.picturesPerSlide - test;
  const result = { trainFolder: path.join(folder, 'train'), testFolder: path.join(folder, 'test'), train, test };
  if (await isWritten(folder, manifest, { train, test })) return { ...result, isNew: false };

  const target = path.resolve(folder);
  await mkdir(path.dirname(target), { recursive: true });
  const scratch = await mkdtemp(`${target}.draft-`);
  try {
    // Inside the scratch folder, which only its owner may read, the set gets the usual permissions.
    const draft = path.join(scratch, 'set');
    await drawInto(draft, set, options.signal, onProgress);
    await writeFile(path.join(draft, manifestName), manifest);
    // Not every system renames onto an empty folder.
    await rmdir(target).catch(() => {});
    await rename(draft, target);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return { ...result, isNew: true };
}
