/** The commands, in the order of the help. */
import type { Command } from './command.ts';
import { trainCommand } from './train.ts';

/** All commands. */
export const commands: readonly Command[] = [trainCommand];
