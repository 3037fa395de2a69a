/** Pictures that are on both sides of a split with the same content: what is measured on them is too good. */
import { nameSome, type VerifiedPicture } from '../picture-file.ts';

/** The held out pictures whose content is also among the training pictures, byte for byte. */
export function sharedContent(
  training: readonly VerifiedPicture[],
  heldOut: readonly VerifiedPicture[],
): VerifiedPicture[] {
  const known = new Set(training.map(({ sha256 }) => sha256));
  return heldOut.filter(({ sha256 }) => known.has(sha256));
}

/**
 * A warning where pictures are held out that training sees too.
 *
 * @param subset what the held out pictures are called: `validation` or `test`
 * @param remedy what to do, as in `Delete the copies`
 */
export function sharedContentWarnings(
  training: readonly VerifiedPicture[],
  heldOut: readonly VerifiedPicture[],
  subset: string,
  remedy: string,
): string[] {
  const shared = sharedContent(training, heldOut);
  if (shared.length === 0) return [];
  const subject = shared.length === 1 ? '1 picture' : `${shared.length} pictures`;
  const verb = shared.length === 1 ? 'is' : 'are';
  const named = nameSome(shared.map(({ path }) => path));
  return [
    `${subject} of the ${subset} set ${verb} also in the training set, byte for byte: the accuracy is too good. ${remedy}: ${named}.`,
  ];
}
