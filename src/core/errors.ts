/** Every error cajal throws on purpose: one class per kind, each with a stable `code`. Messages say where, what was
 * expected, what came, and what to do. */

/** The kinds of errors, and what they are about. */
export type ErrorCode = 'shape' | 'option' | 'data' | 'format' | 'backend' | 'training' | 'storage' | 'aborted';

/** The parent of all of cajal's errors: `error instanceof CajalError` tells them from bugs. */
export class CajalError extends Error {
  // Written out, because minifiers give classes other names.
  override name = 'CajalError';
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A tensor or a layer got a shape that it cannot take. */
export class ShapeError extends CajalError {
  override name = 'ShapeError';
  constructor(message: string, options?: ErrorOptions) {
    super('shape', message, options);
  }
}

/** An option, a name or an argument is wrong. */
export class OptionError extends CajalError {
  override name = 'OptionError';
  constructor(message: string, options?: ErrorOptions) {
    super('option', message, options);
  }
}

/** Pictures, labels or folders are not what they should be. */
export class DataError extends CajalError {
  override name = 'DataError';
  constructor(message: string, options?: ErrorOptions) {
    super('data', message, options);
  }
}

/** A file is not in the format that its name or place promises. */
export class FormatError extends CajalError {
  override name = 'FormatError';
  constructor(message: string, options?: ErrorOptions) {
    super('format', message, options);
  }
}

/** A backend, an instruction set or memory is not to be had. */
export class BackendError extends CajalError {
  override name = 'BackendError';
  constructor(message: string, options?: ErrorOptions) {
    super('backend', message, options);
  }
}

/** Training cannot go on: the loss is not finite, or a run cannot be resumed. */
export class TrainingError extends CajalError {
  override name = 'TrainingError';
  constructor(message: string, options?: ErrorOptions) {
    super('training', message, options);
  }
}

/** A file or a folder cannot be written: the disk is full, read-only or not this user's. */
export class StorageError extends CajalError {
  override name = 'StorageError';
  constructor(message: string, options?: ErrorOptions) {
    super('storage', message, options);
  }
}

/** The caller's `AbortSignal` stopped the work. */
export class AbortError extends CajalError {
  override name = 'AbortError';
  constructor(message: string, options?: ErrorOptions) {
    super('aborted', message, options);
  }
}
