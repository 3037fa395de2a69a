/** What the process tells the shell. */
import { CajalError, type ErrorCode } from '../core/errors.ts';

/** The exit codes, by what they mean. */
export const exitCodes = { ok: 0, runtime: 1, usage: 2, data: 3, quality: 4, interrupted: 130 } as const;

const byError: Record<ErrorCode, number> = {
  shape: exitCodes.usage,
  option: exitCodes.usage,
  data: exitCodes.data,
  format: exitCodes.data,
  backend: exitCodes.runtime,
  training: exitCodes.runtime,
  storage: exitCodes.runtime,
  aborted: exitCodes.interrupted,
};

/** The exit code for an error: that of its kind, or 1 for a bug. */
export function exitCodeOf(error: unknown): number {
  return error instanceof CajalError ? byError[error.code] : exitCodes.runtime;
}

/** True for what the operating system refused: a full disk, a missing permission. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error && !(error instanceof TypeError);
}

/** What a person reads: cajal's own errors and the system's by their message; anything else is a bug, and its place is shown. */
export function describeError(error: unknown): string {
  if (error instanceof CajalError) return error.message;
  if (isSystemError(error)) {
    const place = error.path ?? 'the system';
    return `${place}: expected to use it, received "${error.message}". Look at the path, its permissions and the disk.`;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${stack}\nThis is a bug in cajal. Please report it with the command line and the text above.`;
}
