/** What jobs may take for prepared pictures, in memory and on disk. It changes no result. */
import type { DiskCacheOptions } from '../../data/node/index.ts';

/** Passed on to `folder` and `verifyPictures`, which have the defaults. */
export interface CacheSettings {
  /** What decoded pictures may take in memory. */
  readonly cacheBytes?: number | undefined;
  /** Keeps decoded pictures on disk; nothing is written where it is left out. */
  readonly diskCache?: DiskCacheOptions | undefined;
}

/** Those of the settings that are given. */
export function givenCacheSettings({ cacheBytes, diskCache }: CacheSettings): {
  cacheBytes?: number;
  diskCache?: DiskCacheOptions;
} {
  return { ...(cacheBytes !== undefined && { cacheBytes }), ...(diskCache && { diskCache }) };
}
