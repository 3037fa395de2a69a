/** Callbacks, as `import { earlyStopping } from 'cajal'`. */
export type { Callback, Logs, TrainingHandle } from './callback.ts';
export { type EarlyStoppingOptions, earlyStopping } from './early-stopping.ts';
export { isBetter, type MonitorMode, monitored } from './monitor.ts';
export { terminateOnNaN } from './terminate-on-nan.ts';
