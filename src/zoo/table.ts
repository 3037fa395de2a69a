/** Named architectures, as the command line's `--arch` takes them. A new one is a row here. */
import { checkName } from '../core/options.ts';
import type { SequentialPart } from '../nn/network.ts';
import { type CnnOptions, cnn, cnnFilters } from './cnn.ts';
import { deepCnn, deepCnnFilters } from './deep-cnn.ts';
import { logisticRegression } from './logistic-regression.ts';

const rows = {
  cnn,
  'deep-cnn': deepCnn,
  'logistic-regression': ({ inputShape, classes }: CnnOptions): SequentialPart[] =>
    logisticRegression({ inputShape, classes }),
};

/** The names that `--arch` takes. */
export type ArchitectureName = keyof typeof rows;

/** All names. */
export const architectureNames: readonly ArchitectureName[] = Object.keys(rows) as ArchitectureName[];

/** The layers of an architecture. @throws OptionError naming the nearest name */
export function architecture(name: string, options: CnnOptions): SequentialPart[] {
  return rows[checkName('arch', 'architecture', name, architectureNames)](options);
}

/** The filters of an architecture's convolutions where none are given. */
export const defaultFilters: Readonly<Record<ArchitectureName, readonly number[]>> = {
  cnn: cnnFilters,
  'deep-cnn': deepCnnFilters,
  'logistic-regression': [],
};
