/** Where the lessons look for data sets: below the folder that CAJAL_DATA names. */
import { existsSync } from 'node:fs';
import path from 'node:path';

/** The path of a data set, as `mnist`. Where it is not there, this says so and ends the lesson. */
export function dataSet(name: string): string {
  const found = path.join(process.env['CAJAL_DATA'] ?? '../shared/data', name);
  if (existsSync(found)) return found;
  console.log(`This lesson needs ${name}, and ${found} is not there. See examples/README.md, "Data".`);
  process.exit(0);
}
