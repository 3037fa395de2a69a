/** The compiled model of some settings, with fresh weights. */
import { type Model, sequential } from '../../model/model.ts';
import { optimizerOf } from '../../nn/optimizers/table.ts';
import { layersOf, type TrainSettings } from './train-settings.ts';

/** Makes the model for so many classes; its weights follow from the seed. */
export function makeModel(settings: TrainSettings, classes: number): Model {
  const { arch, seed, optimizer, learningRate, loss, metrics } = settings;
  const model = sequential(layersOf(settings, classes), { name: arch, seed });
  const made = optimizerOf('train', optimizer, learningRate === undefined ? {} : { learningRate });
  model.compile({ optimizer: made, loss, metrics });
  return model;
}
