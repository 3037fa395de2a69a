/** The command line. `main` reads it, runs one command and returns the exit code; nothing here ends the process. */
import { CommanderError } from 'commander';
import { coloured } from '../core/terminal-colour.ts';
import { describeError, exitCodeOf, exitCodes } from './exit-code.ts';
import { createProgram } from './program.ts';
import { processTerminal, type Terminal } from './terminal.ts';

/**
 * Runs a command line.
 *
 * @param argv what follows the program's name
 * @returns the exit code: 0 done, 1 failed, 2 wrong usage, 3 wrong data, 4 below the asked accuracy, 130 interrupted
 * @example
 * process.exitCode = await main(['train', 'photos', '--epochs', '5']);
 */
export async function main(argv: readonly string[], terminal: Terminal = processTerminal()): Promise<number> {
  let exitCode: number = exitCodes.ok;
  const program = createProgram(terminal, (code) => {
    exitCode = code;
  });
  if (argv.length === 0) {
    program.outputHelp({ error: true });
    return exitCodes.usage;
  }
  try {
    // Otherwise the help of all commands would answer for one that does not exist.
    const [name] = argv;
    if (name !== undefined && !name.startsWith('-') && !program.commands.some((command) => command.name() === name)) {
      await program.parseAsync([name], { from: 'user' });
    }
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    terminal.note(`${coloured(terminal, 'red', 'error:')} ${describeError(error)}\n`);
    return exitCodeOf(error);
  }
}
