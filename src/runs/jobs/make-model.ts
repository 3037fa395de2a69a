/** The compiled model of some settings, with fresh weights. */
import { type Model, sequential } from '../../model/model.ts';
import { lossPartOf } from './loss-settings.ts';
import { layersOf, optimizerFor, type TrainSettings } from './train-settings.ts';

/** Makes the model for so many classes; its weights follow from the seed. @param stepsPerEpoch which only a schedule sees */
export function makeModel(settings: TrainSettings, classes: number, stepsPerEpoch?: number): Model {
  const { arch, seed, metrics } = settings;
  const model = sequential(layersOf(settings, classes), { name: arch, seed });
  model.compile({ optimizer: optimizerFor(settings, stepsPerEpoch), loss: lossPartOf(settings), metrics });
  return model;
}
