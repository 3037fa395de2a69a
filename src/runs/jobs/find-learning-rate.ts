/** Looks for a learning rate for a folder of pictures, as `train` would open them. Nothing is written. */
import { defaultBackend } from '../../engine/choose-backend.ts';
import { type LearningRateSearch, learningRateFinder } from '../../model/learning-rate-finder.ts';
import { checkMemory } from './check-memory.ts';
import { makeModel } from './make-model.ts';
import { checkTrainSettings, settingsFor, type TrainSettings } from './train-settings.ts';
import { balancedWeights, describeSkipped, openTrainingPictures, type ReadOptions } from './training-data.ts';

/** How a search goes. */
export interface SearchSettings {
  readonly minimum: number;
  readonly maximum: number;
  readonly steps: number;
  readonly smoothing: number;
}

/** What was found, and with what. */
export interface FoundLearningRate {
  readonly search: LearningRateSearch;
  readonly trainingPictures: number;
  readonly classNames: readonly string[];
}

/** Searches on the training pictures; those held out are not looked at. @throws as a training, and AbortError at its signal */
export async function findLearningRate(
  settings: TrainSettings,
  searchSettings: SearchSettings,
  options: ReadOptions,
): Promise<FoundLearningRate> {
  const { observer, signal } = options;
  checkTrainSettings(settings);
  checkMemory(settings, 2);
  await defaultBackend();
  const pictures = await openTrainingPictures(settings, options);
  for (const warning of [...pictures.warnings, describeSkipped(pictures.skipped)]) if (warning) observer.warn(warning);
  const { classNames, training, trainingCounts, split } = pictures;
  const model = makeModel(settingsFor(settings, pictures.preprocessing), classNames.length);
  const task = observer.start('Searching', searchSettings.steps);
  const search = await learningRateFinder(model, training, {
    ...searchSettings,
    ...(settings.classWeight && { classWeight: balancedWeights(trainingCounts) }),
    ...(signal && { signal }),
    onStep: ({ step, smoothed, learningRate }) => task.update(step + 1, { loss: smoothed, learningRate }),
  });
  task.end();
  return { search, trainingPictures: split.training.length, classNames };
}
