/** The error for a picture that cannot be used: skipped with its reason where many are read, thrown where one is. */
import { DataError } from '../../core/errors.ts';
import type { SkipReason } from '../picture-file.ts';
import { showName } from '../show-name.ts';
import { pictureFormatNames } from './decode/picture-format.ts';

/** A picture that cannot be used. */
export class PictureError extends DataError {
  override name = 'PictureError';
  readonly reason: SkipReason;
  /** What was received, without the rest of the message. */
  readonly detail: string;

  constructor(name: string, reason: SkipReason, detail: string, options: ErrorOptions & { advice?: string } = {}) {
    const usual =
      reason === 'over the pixel limit'
        ? 'Make it smaller, or raise the limit (--pixel-limit, pixelLimit).'
        : 'Replace or remove the file.';
    const { advice = usual } = options;
    const received = `received ${detail}. ${advice}`;
    super(showName(`${name}: expected a picture (${pictureFormatNames}), ${received}`), options);
    this.reason = reason;
    this.detail = detail;
  }
}
