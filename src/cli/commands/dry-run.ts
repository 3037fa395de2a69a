/** x */
import type { TrainSettings } from '../../runs/jobs/train-settings.ts';
import type { TrainRunOptions } from '../options/train-options.ts';
import type { Terminal } from '../terminal.ts';
export async function runDryRun(_t: Terminal, _s: TrainSettings, _o: TrainRunOptions): Promise<number> { return 0; }
