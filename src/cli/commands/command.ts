/** What a command is, to the program that collects them. A new command is one file with one of these, and a row in
 * `commands/table.ts`. */
import type { AnyTable, OptionTable } from '../options/option.ts';
import type { Terminal } from '../terminal.ts';

/** What a command is given. */
export interface CommandInput<Options = Readonly<Record<string, unknown>>> {
  readonly terminal: Terminal;
  /** Values of its options, with defaults. */
  readonly values: Options;
  /** Keys that the command line itself gave. */
  readonly given: readonly string[];
  /** What follows the first argument, where it takes more. */
  readonly rest: readonly string[];
}

/** What every command has, whatever its options. */
interface CommandText {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** As commander writes them: `<folder>`, `[paths...]`; the first is the key of the table that `isArgument`, if any. */
  readonly arguments: readonly { readonly name: string; readonly help: string }[];
  readonly examples: readonly string[];
  /** The command whose args.json `--config` takes, where not its own. */
  readonly takesArgumentsOf?: string;
  /** Further text for the end of the help. */
  readonly notes?: string;
}

/** A command with the type of its options. */
export interface CommandDefinition<Options> extends CommandText {
  readonly table: OptionTable<Options>;
  /** @returns the exit code */
  run(input: CommandInput<Options>): Promise<number>;
}

/** A command of the command line. */
export interface Command extends CommandText {
  readonly table: AnyTable;
  run(input: CommandInput): Promise<number>;
}

/** A command from its definition: its table checks the values, so they are of its type when it runs. */
export function defineCommand<Options extends object>(definition: CommandDefinition<Options>): Command {
  return definition as unknown as Command;
}
