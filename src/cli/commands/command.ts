/** What a command is, to the program that collects them. A new command is one file with one of these, and a row in
 * `commands/table.ts`. */
import type { AnyTable } from '../options/option.ts';
import type { Terminal } from '../terminal.ts';

/** What a command is given. */
export interface CommandInput {
  readonly terminal: Terminal;
  /** Values of its options, with defaults. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Keys that the command line itself gave. */
  readonly given: readonly string[];
  /** What follows the first argument, where it takes more. */
  readonly rest: readonly string[];
}

/** A command of the command line. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** As commander writes them: `<folder>`, `[paths...]`; the first is the key `isArgument` of the table, if any. */
  readonly arguments: readonly { readonly name: string; readonly help: string }[];
  readonly table: AnyTable;
  readonly examples: readonly string[];
  /** Further text for the end of the help. */
  readonly notes?: string;
  /** @returns the exit code */
  run(input: CommandInput): Promise<number>;
}
