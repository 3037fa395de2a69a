/** `cajal evaluate`: a trained model on pictures whose classes are known. */

import { checkAccuracy } from '../check-accuracy.ts';
import { formatEvaluation } from '../evaluation-text.ts';
import { exitCodes } from '../exit-code.ts';
import { withInterrupt } from '../interrupt.ts';
import { type CacheOptions, cacheOptions, cacheSettingsOf } from '../options/cache-options.ts';
import type { OptionTable } from '../options/option.ts';
import { type OutputOptions, outputOptions, trainOptions, trainRunOptions } from '../options/train-options.ts';
import { type TtaOptions, ttaOptions, ttaSettingsOf } from '../options/tta-options.ts';
import { showProgress } from '../progress.ts';
import { type Command, type CommandInput, defineCommand } from './command.ts';

interface EvaluateOptions extends OutputOptions, CacheOptions, TtaOptions {
  run: string;
  batchSize: number;
  strict: boolean;
  pixelLimit?: number;
  minAccuracy?: number;
}

const table: OptionTable<EvaluateOptions> = {
  run: { kind: 'text', group: 'Data', isArgument: true, help: 'a run, or a model folder' },
  strict: trainOptions.strict,
  pixelLimit: trainOptions.pixelLimit,
  batchSize: trainOptions.batchSize,
  ...ttaOptions,
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
  examples: [
    'cajal evaluate runs/train cells/TEST',
    'cajal evaluate runs/train cells/TEST --min-accuracy 0.9 --json',
    'cajal evaluate runs/train cells/TEST --tta flip,rot90',
  ],
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
    const { batchSize, strict, pixelLimit } = options;
    const cache = cacheSettingsOf(options, terminal.environment);
    const how = { observer, signal, batchSize, strict, pixelLimit, tta: ttaSettingsOf(options), ...cache };
    return { model, ...(await evaluateFolder(model, folder, how)) };
  });
  const { model, summary, skipped, warnings, testTimeAugmentation } = found;
  for (const warning of [...warnings, describeSkipped(skipped)]) if (warning) observer.warn(warning);
  if (options.json) {
    const { summary: _, model: __, ...rest } = found;
    terminal.out(`${JSON.stringify({ event: 'evaluation', model: model.folder, folder, ...summary, ...rest })}\n`);
  } else {
    terminal.out(`${model.folder} on ${folder}:\n\n${formatEvaluation(summary)}`);
    if (testTimeAugmentation) {
      const { describeTta } = await import('../../runs/jobs/augmented-answers.ts');
      terminal.out(`${describeTta(testTimeAugmentation)}\n`);
    }
  }
  return checkAccuracy(terminal, summary.accuracy, options.minAccuracy) || exitCodes.ok;
}
