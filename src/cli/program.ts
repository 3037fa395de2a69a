/** Turns the table of commands into a program that reads a command line. */
import { Argument, Command as Commander, Option } from 'commander';
import { coloured } from '../core/terminal-colour.ts';
import { cajalVersion } from '../runs/jobs/cajal-version.ts';
import type { Command } from './commands/command.ts';
import { commands } from './commands/table.ts';
import { flagOf, type OptionSpec, variableOf } from './options/option.ts';
import { misspelledVariables, readConfig, resolveOptions } from './options/resolve-options.ts';
import type { Terminal } from './terminal.ts';

const topNotes = `
Run "cajal <command> --help" for options and examples.

Environment:
  CAJAL_BACKEND   native, wasm or reference: what computes (default: the fastest that is there)
  CAJAL_ISA       the instruction set of the native backend: baseline, avx2, avx512, neon
  CAJAL_THREADS   how many threads compute (default: one for each core)
  CAJAL_CACHE     where decoded pictures are kept between runs (default: the user's cache folder)
  CAJAL_<OPTION>  any option, such as CAJAL_EPOCHS=5
  NO_COLOR, CI    no colours; no bars that are drawn again

Options are taken from flags, else the environment, else --config or cajal.config.json, else their defaults.
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 wrong data, 4 accuracy below --min-accuracy, 130 stopped by Ctrl-C or
SIGTERM, which end a training well the first time and at once the second (then 143 for SIGTERM).`;

/** The program. @param finish is told the exit code of the command that ran */
export function createProgram(terminal: Terminal, finish: (exitCode: number) => void): Commander {
  const program = new Commander('cajal')
    .description(
      'Image classification with deep learning: from a folder of pictures to a trained classifier and a report.',
    )
    .version(cajalVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .addHelpText('after', topNotes);
  configure(program, terminal);
  for (const command of commands) program.addCommand(toCommander(command, terminal, finish));
  return program;
}

function configure(program: Commander, terminal: Terminal): void {
  program.exitOverride().configureOutput({
    writeOut: (text) => terminal.out(text),
    writeErr: (text) => terminal.note(text),
    outputError: (text, write) => write(text.replace(/^error: /, coloured(terminal, 'red', 'error: '))),
    getOutHelpWidth: () => 110,
    getErrHelpWidth: () => 110,
  });
}

function toCommander(command: Command, terminal: Terminal, finish: (exitCode: number) => void): Commander {
  const made = new Commander(command.name)
    .description(`${command.summary[0]!.toUpperCase()}${command.summary.slice(1)}.`)
    .summary(command.summary)
    .helpOption('-h, --help', 'print this help')
    .showHelpAfterError(`Run "cajal ${command.name} --help" for the options.`)
    .addHelpText('after', helpEnd(command));
  configure(made, terminal);
  for (const { name, help } of command.arguments) made.addArgument(new Argument(name, help));
  for (const [key, spec] of Object.entries(command.table)) if (!spec.isArgument) made.addOption(toOption(key, spec));
  made.action(async () => {
    finish(await runCommand(command, made, terminal));
  });
  return made;
}

function toOption(key: string, spec: OptionSpec): Option {
  const value = {
    flag: '',
    text: 'text',
    number: 'n',
    numbers: 'n,n,…',
    name: 'name',
    names: 'name,…',
    words: 'word,word,…',
    grid: 'name=value,…',
  }[spec.kind];
  const placeholder = spec.placeholder ?? value;
  const choices = spec.choices ? `: ${spec.choices.join(', ')}` : '';
  const ending = spec.default === undefined || spec.default === false ? '' : ` (default: ${String(spec.default)})`;
  const flags = spec.kind === 'flag' ? flagOf(key) : `${flagOf(key)} <${placeholder}>`;
  const option = new Option(flags, `${spec.help}${choices}${ending}`).helpGroup(`${spec.group}:`);
  // Commander would make of --no-cache an option cache that is true by default.
  option.negate = false;
  // What is given several times is one text of several lines, as it would be in the environment.
  const join = (part: string, before?: string) => (before === undefined ? part : `${before}\n${part}`);
  return spec.kind === 'grid' ? option.argParser(join) : option;
}

function helpEnd({ examples, notes }: Command): string {
  const lines = examples.map((example) => `  ${example}`).join('\n');
  return `\nExamples:\n${lines}${notes === undefined ? '' : `\n\n${notes}`}`;
}

async function runCommand(command: Command, made: Commander, terminal: Terminal): Promise<number> {
  const { name, table } = command;
  const { environment } = terminal;
  const flags = { ...made.opts<Record<string, string | true>>() };
  const [first, ...rest] = made.processedArgs.flat() as (string | undefined)[];
  const argument = Object.keys(table).find((key) => table[key]!.isArgument);
  if (argument !== undefined && first !== undefined) flags[argument] = first;
  const given = Object.keys(flags);

  const keys = [...new Set(commands.flatMap((other) => Object.keys(other.table)))];
  const named = flags['config'] ?? ('config' in table ? environment[variableOf('config')] : undefined);
  const config = await readConfig(
    command.takesArgumentsOf ?? name,
    typeof named === 'string' ? named : undefined,
    keys,
  );
  const values = resolveOptions({ command: name, table, flags, environment, config });
  if (values['quiet'] !== true) {
    for (const message of misspelledVariables(environment, keys)) {
      terminal.note(`${coloured(terminal, 'yellow', 'warning:')} ${message}\n`);
    }
  }
  return command.run({ terminal, values, given, rest: rest.filter((part) => part !== undefined) });
}
