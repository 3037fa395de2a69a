/** `cajal evaluate`: a trained model on pictures whose classes are known. */

import { checkAccuracy } from '../check-accuracy.ts';
import { formatEvaluation } from '../evaluation-text.ts';
import { exitCodes } from '../exit-code.ts';
import { withInterrupt } from '../interrupt.ts';
import { type CacheOptions, cacheOptions, cacheSettingsOf } from '../options/cache-options.ts';
import type { OptionTable } from '../options/option.ts';
import { type OutputOptions, outputOptions, trainOptions, trainRunOptions } from '../options/train-options.ts';
import { showProgress } from '../progress.ts';
import { type Command, type CommandInput, defineCommand } from './command.ts';

interface EvaluateOptions extends OutputOptions, CacheOptions {
  run: string;
  batchSize: number;
  strict: boolean;
  minAccuracy?: number;
}

const table: OptionTable<EvaluateOptions> = {
  run: { kind: 'text', group: 'Data', isArgument: true, help: 'a run, or a model folder' },
  strict: trainOptions.strict,
  batchSize: trainOptions.batchSize,
  minAccuracy: { ...trainRunOptions.minAccuracy, group: 'Output' },
  ...cacheOptions,
  ...outputOptions,
};

/** The command. */
export const evaluateCommand: Command = defineCommand<EvaluateOptions>({
  name: 'evaluate',
  summary: 'evaluate a trained model on a folder of pictures with known classes',
  arguments: [
    { name: '<run>', help: table.run.help },
    { name: '<folder>', help: 'a folder that has one folder of pictures for each class of the model' },
  ],
  table,
  examples: ['cajal evaluate runs/train cells/TEST', 'cajal evaluate runs/train cells/TEST --min-accuracy 0.9 --json'],
  run: runEvaluate,
});

async function runEvaluate({ terminal, values: options, rest }: CommandInput<EvaluateOptions>): Promise<number> {
  const [folder] = rest as [string];
  const { openPictureModel } = await import('../../runs/jobs/run-models.ts');
  const { evaluateFolder } = await import('../../runs/jobs/evaluate.ts');
  const { describeSkipped } = await import('../../runs/jobs/training-data.ts');
  const observer = showProgress(terminal, options);
  const found = await withInterrupt(terminal, 'Stopping.', async (signal) => {
    const model = await openPictureModel(options.run);
    const { batchSize, strict } = options;
    const how = { observer, signal, batchSize, strict, ...cacheSettingsOf(options, terminal.environment) };
    return { model, ...(await evaluateFolder(model, folder, how)) };
  });
  const { model, summary, skipped, warnings } = found;
  for (const warning of [...warnings, describeSkipped(skipped)]) if (warning) observer.warn(warning);
  if (options.json) {
    const { summary: _, model: __, ...rest } = found;
    terminal.out(`${JSON.stringify({ event: 'evaluation', model: model.folder, folder, ...summary, ...rest })}\n`);
  } else {
    terminal.out(`${model.folder} on ${folder}:\n\n${formatEvaluation(summary)}`);
  }
  return checkAccuracy(terminal, summary.accuracy, options.minAccuracy) || exitCodes.ok;
}
