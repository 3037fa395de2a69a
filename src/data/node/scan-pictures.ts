/** Lists the pictures that a path names: a folder of class folders, or a table with their paths and labels. */
import { checkSameClasses, type FolderListing } from '../picture-file.ts';
import { isTable, scanCsv } from './scan-csv.ts';
import { type ScanOptions, scanFolder } from './scan-folder.ts';

/** `scanCsv` for a path that ends in `.csv` or `.tsv`, `scanFolder` for all others. @throws as these */
export function scanPictures(path: string, options: ScanOptions = {}): Promise<FolderListing> {
  return isTable(path) ? scanCsv(path, options) : scanFolder(path, options);
}

/**
 * Lists pictures to check a network on that is trained on others.
 *
 * @throws DataError where they have not the same class folders; a table may have fewer classes, but no others
 */
export async function scanSameClasses(
  training: Pick<FolderListing, 'folder' | 'classNames'>,
  path: string,
): Promise<FolderListing> {
  if (isTable(path)) return scanCsv(path, { classNames: training.classNames });
  const listing = await scanFolder(path, { leastClasses: 1 });
  checkSameClasses(training, listing);
  return listing;
}
