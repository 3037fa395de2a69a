/** `flowFromDirectory` of `imageDataGenerator`: the reader of directories, in Node, before the generator. */
import { checkKeys } from '../core/options.ts';
import type { FlowFromDirectoryOptions as DirectoryOptions } from '../data/node/flow-from-directory.ts';
import { type BatchChanger, flowOf, type GeneratorFlow, type SaveOptions, saveOptionNames } from './flow.ts';
import type { GeneratorSettings } from './generator-options.ts';

/** Options of `flowFromDirectory`, with Keras's names and defaults. */
export interface FlowFromDirectoryOptions extends Omit<DirectoryOptions, 'validationSplit'>, SaveOptions {}

/** `flowFromDirectory`. */
export async function flowDirectory(
  generator: BatchChanger,
  { validationSplit }: GeneratorSettings,
  directory: string,
  options: FlowFromDirectoryOptions,
): Promise<GeneratorFlow> {
  const { flowFromDirectory, flowFromDirectoryOptionNames } = await import('../data/node/flow-from-directory.ts');
  const known = flowFromDirectoryOptionNames.filter((name) => name !== 'validationSplit');
  checkKeys('imageDataGenerator.flowFromDirectory', options, [...known, ...saveOptionNames]);
  const { saveToDir, savePrefix, saveFormat, ...ofDirectory } = options;
  const source = await flowFromDirectory(directory, { ...ofDirectory, validationSplit });
  const flow = flowOf(generator, source, options.seed ?? 0, options, options.classMode === 'input');
  return Object.assign(flow, { directory, files: source.files });
}
