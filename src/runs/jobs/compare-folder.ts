/** The folder of a comparison: the plan, a folder for each run, and the report. */
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { DataError, FormatError, OptionError } from '../../core/errors.ts';
import { failureCode, storageFailure } from '../../formats/node/storage-failure.ts';
import { writeFileAtomic } from '../../formats/node/write-file-atomic.ts';
import { createRunFolder } from '../create-run-folder.ts';
import type { CompareReport } from './compare.ts';
import { type ComparePlan, checkSamePlan, planAsArguments } from './compare-plan.ts';

/** The names of a comparison's files. */
export const compareFiles = { plan: 'plan.json', report: 'comparison.json', page: 'comparison.html' } as const;

/** The name of a first comparison that was given none. */
export const defaultCompareName = 'compare';

/** A comparison's folder. */
export class CompareFolder {
  /** Where it lies, as it was given. */
  readonly path: string;
  /** This process made it. */
  readonly #isNew: boolean;

  constructor(folder: string, isNew: boolean) {
    this.path = folder;
    this.#isNew = isNew;
  }

  pathOf(...parts: string[]): string {
    return path.join(this.path, ...parts);
  }

  get planFile(): string {
    return this.pathOf(compareFiles.plan);
  }

  writePlan(plan: ComparePlan): Promise<void> {
    return writeFileAtomic(this.planFile, `${JSON.stringify(planAsArguments(plan), null, 2)}\n`);
  }

  async writeReport(report: CompareReport): Promise<void> {
    // What draws charts takes a while to load, which a comparison that is resumed need not wait for.
    const { renderComparison } = await import('../comparison-page.ts');
    const json = { format: 'cajal comparison', version: 1, ...report };
    await writeFileAtomic(this.pathOf(compareFiles.report), `${JSON.stringify(json, null, 2)}\n`);
    await writeFileAtomic(this.pathOf(compareFiles.page), renderComparison(report));
  }

  /** Deletes it where this process made it: a comparison that has no results leaves nothing. */
  async discard(): Promise<void> {
    if (this.#isNew) await rm(this.path, { recursive: true, force: true });
  }
}

/** The plan that a folder holds, as `plan.json` has it. @throws DataError where there is none; FormatError where it is damaged */
export async function readPlan(folder: string): Promise<Record<string, unknown>> {
  const file = path.join(folder, compareFiles.plan);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR'].includes(failureCode(error))) throw storageFailure(file, error);
    throw new DataError(
      `compare: expected the folder of a comparison, with ${compareFiles.plan}, received ${folder}. Name the folder that was ` +
        'printed, as runs/compare.',
      { cause: error },
    );
  }
  try {
    const plan = JSON.parse(text) as Record<string, unknown>;
    if (plan['command'] === 'compare') return plan;
  } catch {
    // Said below.
  }
  throw new FormatError(`${file}: expected the plan of a comparison, received something else. Start a new comparison.`);
}

/**
 * The folder for a plan: a new one, or that of a comparison of this name which has the same plan.
 *
 * @param name without one it is `compare`, `compare-2`, …
 * @throws OptionError where a comparison of this name has other settings, or the folder holds something else
 */
export async function placeComparison(
  root: string,
  name: string | undefined,
  plan: ComparePlan,
): Promise<CompareFolder> {
  if (name === undefined) {
    const { path: folder } = await createRunFolder(root, { stem: defaultCompareName });
    return new CompareFolder(folder, true);
  }
  const folder = path.join(root, name);
  const content = await readdir(folder).catch((error: unknown) => {
    if (failureCode(error) === 'ENOENT') return undefined;
    throw storageFailure(folder, error);
  });
  if (content === undefined) return new CompareFolder((await createRunFolder(root, { name })).path, true);
  if (content.includes(compareFiles.plan)) {
    checkSamePlan(folder, await readPlan(folder), plan);
    return new CompareFolder(folder, false);
  }
  if (content.length === 0) return new CompareFolder(folder, false);
  throw new OptionError(
    `compare: expected an empty folder or one of a comparison, received ${folder} with ${content[0]}. Choose another --name or --out.`,
  );
}
