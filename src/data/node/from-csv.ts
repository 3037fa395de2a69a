/** From a table of paths and labels to a training and a validation dataset: `folder`, where the classes are in a file. */
import { type FolderDatasets, type FolderOptions, openFolder, readListing } from './folder.ts';
import { type ScanCsvOptions, scanCsv } from './scan-csv.ts';

/** How a table becomes datasets: as a folder does, and where its columns and pictures are. */
export interface FromCsvOptions extends FolderOptions, Pick<ScanCsvOptions, 'pathColumn' | 'labelColumn' | 'root'> {}

/**
 * Reads the pictures of a CSV file with a column of paths and a column of labels.
 *
 * @param options those of `folder`; `validationFolder` may be another table
 * @throws DataError, FormatError and OptionError as `scanCsv` and `folder`
 * @example
 * const { training, validation } = await fromCsv('labels.csv', { root: 'pictures', size: 150, validationSplit: 0.2 });
 */
export async function fromCsv(path: string, options: FromCsvOptions): Promise<FolderDatasets> {
  const { pathColumn, labelColumn, root, ...others } = options;
  const listing = await scanCsv(path, {
    ...(pathColumn !== undefined && { pathColumn }),
    ...(labelColumn !== undefined && { labelColumn }),
    ...(root !== undefined && { root }),
  });
  return openFolder(await readListing(listing, others), others);
}
