/** Callbacks, as `import { earlyStopping } from 'cajal'`. */
export { type BackupAndRestoreOptions, backupAndRestore } from './backup-and-restore.ts';
export {
  type Callback,
  hookNames,
  type Logs,
  type PredictionHandle,
  type PredictLogs,
  type TrainedModel,
  type TrainingHandle,
} from './callback.ts';
export { type CSVLoggerOptions, csvLogger } from './csv-logger.ts';
export { type EarlyStoppingOptions, earlyStopping } from './early-stopping.ts';
export { type History, history } from './history.ts';
export { lambdaCallback } from './lambda-callback.ts';
export { learningRateScheduler } from './learning-rate-scheduler.ts';
export { type ModelCheckpointOptions, modelCheckpoint } from './model-checkpoint.ts';
export { Monitor, type MonitorMode, type MonitorOptions } from './monitor.ts';
export type { Output } from './print.ts';
export { type FitVerbosity, type ProgbarLoggerOptions, progbarLogger } from './progbar-logger.ts';
export { type ReduceLROnPlateauOptions, reduceLROnPlateau } from './reduce-lr-on-plateau.ts';
export { type SwapEmaWeightsOptions, swapEmaWeights } from './swap-ema-weights.ts';
export { type TensorBoardOptions, tensorBoard } from './tensor-board.ts';
export { type TerminateOnNaNOptions, terminateOnNaN } from './terminate-on-nan.ts';
