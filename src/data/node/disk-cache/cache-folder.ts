/** Where prepared pictures are kept between runs, and how much they may take. */
import { statfs } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

const gibibyte = 2 ** 30;

/** What prepared pictures may take on disk at most, where nothing else is said. */
export const mostDiskBytes: number = 10 * gibibyte;

/**
 * The user's cache folder of cajal: `CAJAL_CACHE`, else by the system's convention `$XDG_CACHE_HOME/cajal` or `~/.cache/cajal`,
 * `~/Library/Caches/cajal` on macOS, `%LOCALAPPDATA%\cajal` on Windows.
 */
export function cacheFolder(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  const { CAJAL_CACHE: own, XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = environment;
  if (own) return path.resolve(own);
  // The convention says to ignore what is not absolute.
  if (xdg && path.isAbsolute(xdg)) return path.join(xdg, 'cajal');
  if (platform === 'win32') return path.join(local || path.join(home, 'AppData', 'Local'), 'cajal');
  if (platform === 'darwin') return path.join(home, 'Library', 'Caches', 'cajal');
  return path.join(home, '.cache', 'cajal');
}

/** 10 GiB, or a tenth of what is free where that is less. @param usedBytes what the cache takes already: it counts as free */
export async function defaultDiskBytes(folder: string, usedBytes: number): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return Math.min(mostDiskBytes, Math.floor((bavail * bsize + usedBytes) / 10));
  } catch {
    return mostDiskBytes;
  }
}
