/** What prepared pictures may take, in memory and on disk: options of every command that reads folders of pictures. */
import type { CacheSettings } from '../../runs/jobs/cache-settings.ts';
import type { OptionTable } from './option.ts';

/** As they are given. */
export interface CacheOptions {
  cacheMib?: number;
  diskCacheMib?: number;
  noCache?: boolean;
}

/** Nothing here changes what is computed. */
export const cacheOptions: OptionTable<CacheOptions> = {
  cacheMib: {
    kind: 'number',
    group: 'Run',
    rule: { min: 0 },
    placeholder: 'MiB',
    help: 'memory for decoded pictures (default: a quarter of what is free, 2048 at most)',
  },
  diskCacheMib: {
    kind: 'number',
    group: 'Run',
    rule: { min: 0 },
    placeholder: 'MiB',
    help: 'what decoded pictures of all runs may take on disk (default: 10240, or a tenth of what is free)',
  },
  noCache: {
    kind: 'flag',
    group: 'Run',
    help: 'decode all pictures again, and keep none on disk; see "cajal cache"',
  },
};

/** As a job takes them. @param environment where `CAJAL_CACHE` may name the folder */
export function cacheSettingsOf(
  { cacheMib, diskCacheMib, noCache }: CacheOptions,
  environment: Readonly<Record<string, string | undefined>>,
): CacheSettings {
  const folder = environment['CAJAL_CACHE'];
  return {
    ...(cacheMib !== undefined && { cacheBytes: cacheMib * 2 ** 20 }),
    ...(noCache !== true && {
      diskCache: {
        ...(folder && { folder }),
        ...(diskCacheMib !== undefined && { budgetBytes: diskCacheMib * 2 ** 20 }),
      },
    }),
  };
}
