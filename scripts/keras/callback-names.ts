/** Keras's callbacks. */
import { type KerasSection, namesOf } from './keras-name.ts';

const [hooks, monitors] = ['test/training/callbacks/hooks.test.ts', 'test/training/callbacks/monitor.test.ts'];
const absentMonitor =
  'A monitor that is not there is an error that lists those that are; Keras warns and goes on ([why](decisions/callbacks.md)).';

/** One section. */
export const callbackSections: readonly KerasSection[] = [
  {
    title: 'Callbacks',
    words:
      'In `callbacks` of `fit`. What they decide on made-up numbers, what they write, and when. What differs for all of them is in [callbacks](decisions/callbacks.md): they get the training as their last argument, where Keras has `self.model`.',
    module: 'keras.callbacks',
    names: [
      ...namesOf('keras.callbacks', '', [
        [
          'EarlyStopping',
          'earlyStopping',
          { differs: absentMonitor, lacks: { verbose: 'the history says why a training stopped' } },
        ],
        [
          'ModelCheckpoint',
          'modelCheckpoint',
          {
            differs: 'Writes a model folder or `.safetensors`: what `loadModel` and `loadWeights` read.',
            spelled: { filepath: '(filepath)' },
          },
        ],
        ['ReduceLROnPlateau', 'reduceLROnPlateau', { differs: absentMonitor }],
        [
          'LearningRateScheduler',
          'learningRateScheduler',
          {
            spelled: { schedule: '(schedule)' },
            test: [hooks, 'sets the rate of each epoch from the one before, and puts it into the history'],
          },
        ],
        ['CSVLogger', 'csvLogger', { spelled: { filename: '(filename)' } }],
        [
          'TensorBoard',
          'tensorBoard',
          {
            differs:
              'Numbers are written in the older of TensorBoard’s two forms, which it shows alike; with `updateFreq: n` every epoch is written ([why](decisions/callbacks.md)).',
            lacks: {
              write_graph: '`plotModel` and `summary` show the network',
              write_images: 'weights are shown as histograms',
              write_steps_per_second: 'TensorBoard’s axis of time shows them',
              profile_batch: '`model.profile()` and `cajal profile` show where the time goes',
              embeddings_freq: 'networks for pictures have no embeddings',
              embeddings_metadata: 'networks for pictures have no embeddings',
            },
          },
        ],
        ['TerminateOnNaN', 'terminateOnNaN', { test: [hooks, 'stops at the first loss that is no finite number'] }],
        [
          'BackupAndRestore',
          'backupAndRestore',
          {
            differs: 'Ends with the same bits as a training that was not killed, within an epoch too.',
            spelled: { backup_dir: '(backupDir)' },
            lacks: { double_checkpoint: 'a backup is written whole or not at all' },
            test: ['test/training/callbacks/backup-and-restore.test.ts', 'goes on after the process was killed'],
          },
        ],
        [
          'LambdaCallback',
          'lambdaCallback',
          { test: [hooks, 'are called; a history can be read meanwhile, and starts anew'] },
        ],
        [
          'ProgbarLogger',
          'progbarLogger',
          {
            test: [
              'test/training/callbacks/progbar-logger.test.ts',
              'prints a title and a bar for each epoch, with the numbers of the validation',
            ],
          },
        ],
        ['History', 'history', { test: [hooks, 'are called; a history can be read meanwhile, and starts anew'] }],
        [
          'SwapEMAWeights',
          'swapEmaWeights',
          { test: ['test/training/moving-averages.test.ts', 'are validated with by swapEmaWeights'] },
        ],
      ]).map((name) => ({ ...name, cajal: name.cajal.slice(1) })),
      {
        keras: 'keras.callbacks.EarlyStopping(restore_best_weights)',
        cajal: 'earlyStopping({ restoreBestWeights })',
        test: [monitors, 'restores in a real training'],
      },
    ],
  },
];
