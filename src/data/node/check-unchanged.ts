/** Whether a picture is still the one that was verified: a training that reads others than it was split by is not what its
 * record says. */
import { PictureError } from './picture-error.ts';

/** SHA-256 in hexadecimal, computed off the main thread. */
export async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
}

/**
 * Compares a file's content with its hash.
 *
 * @param sha256 undefined where it was never verified: then nothing is compared
 * @throws PictureError where they differ
 */
export async function checkUnchanged(
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
  sha256: string | undefined,
): Promise<void> {
  if (sha256 === undefined || (await hashOf(bytes)) === sha256) return;
  throw new PictureError(path, 'unreadable', 'a file that changed since it was listed', {
    advice: 'Put it back as it was, or start again.',
  });
}
