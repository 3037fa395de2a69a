/** The commands, in the order of the help. */

import { auditCommand } from './audit.ts';
import { augmentCommand } from './augment.ts';
import { cacheCommand } from './cache.ts';
import type { Command } from './command.ts';
import { compareCommand } from './compare.ts';
import { demoCommand } from './demo.ts';
import { doctorCommand } from './doctor.ts';
import { evaluateCommand } from './evaluate.ts';
import { findLearningRateCommand } from './find-lr.ts';
import { predictCommand } from './predict.ts';
import { profileCommand } from './profile.ts';
import { summaryCommand } from './summary.ts';
import { trainCommand } from './train.ts';

/** All commands. */
export const commands: readonly Command[] = [
  auditCommand,
  augmentCommand,
  trainCommand,
  compareCommand,
  findLearningRateCommand,
  evaluateCommand,
  predictCommand,
  summaryCommand,
  profileCommand,
  cacheCommand,
  doctorCommand,
  demoCommand,
];
