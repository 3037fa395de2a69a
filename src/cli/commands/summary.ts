/** `cajal summary`: the layers of a model, or of a network that could be trained. */
import { OptionError } from '../../core/errors.ts';
import type { NetworkSettings } from '../../runs/jobs/train-settings.ts';
import { exitCodes } from '../exit-code.ts';
import type { OptionTable } from '../options/option.ts';
import { networkOptions, outputOptions } from '../options/train-options.ts';
import { type Command, type CommandInput, defineCommand } from './command.ts';

interface SummaryOptions extends NetworkSettings {
  run?: string;
  classes: number;
  json?: boolean;
}

const table: OptionTable<SummaryOptions> = {
  run: {
    kind: 'text',
    group: 'Network',
    isArgument: true,
    help: 'a run, or a model folder; without one, the network of the options',
  },
  ...networkOptions,
  classes: {
    kind: 'number',
    group: 'Network',
    rule: { integer: true, min: 2 },
    default: 4,
    help: 'outputs of the network',
  },
  json: outputOptions.json,
};

/** The command. */
export const summaryCommand: Command = defineCommand<SummaryOptions>({
  name: 'summary',
  summary: 'print the layers, shapes and parameter counts of a network',
  arguments: [{ name: '[run]', help: table.run.help }],
  table,
  examples: ['cajal summary runs/train', 'cajal summary --arch cnn --size 150 --classes 4'],
  run: runSummary,
});

async function runSummary({ terminal, values: options, given }: CommandInput<SummaryOptions>): Promise<number> {
  const { name, network } = await (options.run === undefined ? fromOptions(options) : fromFolder(options.run, given));
  if (options.json) {
    const layers = network.layers.map(({ name: layer, layer: { className }, outputShape, weights, flops }) => ({
      name: layer,
      className,
      outputShape: outputShape.slice(1),
      parameterCount: weights.reduce(
        (total, { shape }) => total + shape.reduce((product, size) => product * size, 1),
        0,
      ),
      flops,
    }));
    const { inputShape, parameterCount } = network;
    terminal.out(`${JSON.stringify({ event: 'summary', name, inputShape, parameterCount, layers })}\n`);
  } else {
    const { summarize } = await import('../../model/summary.ts');
    terminal.out(summarize(name, network));
  }
  return exitCodes.ok;
}

async function fromOptions(options: SummaryOptions) {
  const { networkOf } = await import('../../runs/jobs/train-settings.ts');
  return { name: options.arch, network: networkOf(options, options.classes) };
}

async function fromFolder(run: string, given: readonly string[]) {
  const foreign = given.filter((key) => key in networkOptions || key === 'classes');
  if (foreign.length > 0) {
    throw new OptionError(
      `summary: expected a run or the options of a network, received both (${run} and ${foreign.join(', ')}). Leave one out.`,
    );
  }
  const { networkFromConfig } = await import('../../nn/network-config.ts');
  const { readModelFolder } = await import('../../formats/node/model-files.ts');
  const { findModelFolder } = await import('../../runs/jobs/run-models.ts');
  const { description } = await readModelFolder(await findModelFolder(run));
  return { name: description.name, network: networkFromConfig(description.network) };
}
