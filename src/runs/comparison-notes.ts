/** What a comparison's page says beside its numbers: what to know first, why one kind of accuracy is not comparable, and
 * which settings over-fit. */
import type { SettingSummary } from '../comparison/comparison.ts';
import type { CompareReport } from './jobs/compare.ts';
import { findOverFitting } from './over-fitting.ts';

/** Why the binary form of accuracy is shown and not compared. */
export const binaryAccuracyNotes: readonly string[] = [
  'Settings are compared by the share of pictures whose class is right, whatever the loss. Keras 2 counted otherwise where the ' +
    'loss was binary cross-entropy: its “accuracy” looked at each output by itself, and asked whether it stands on the right side ' +
    'of 0.5. Of a one-hot row of four classes, a picture that is taken for a wrong class with certainty still has two of its four ' +
    'outputs right, and a model that never commits itself has three.',
  'That number is as a rule the higher one of the two, and it means another thing: course notes that set 0.955 with ' +
    'binary cross-entropy beside 0.873 with categorical cross-entropy compare two scales, and not two losses. Here are both, side ' +
    'by side, for each setting; only the first column can be compared.',
];

/** What follows from how the comparison was made. */
export function listPlanNotes({ comparison, plan, subset, plannedRuns }: CompareReport): string[] {
  const done = comparison.settings.reduce((sum, { runs }) => sum + runs.length, 0);
  const { base, splitPerSeed } = plan;
  return [
    ...(done < plannedRuns
      ? [`${done} of ${plannedRuns} trainings are done; cajal compare --resume goes on with the others.`]
      : []),
    ...(subset === 'training'
      ? ['The models were asked about the pictures they were trained on: that says nothing of new ones.']
      : []),
    ...(subset === 'validation' && plan.base.monitor === undefined
      ? [
          'Each run kept its best epoch by val_loss, on these same pictures: all numbers are somewhat too good, the differences less so. A --test-folder has no such flaw.',
        ]
      : []),
    ...(subset === 'validation' &&
    base.valFolder === undefined &&
    base.groupBy === undefined &&
    !('groupBy' in plan.vary)
      ? [
          'Pictures were held out one by one, at random, and count as independent. Where several show the same thing (slide, patient), differences seem surer than they are: split by --group-by.',
        ]
      : []),
    ...('optimizer' in plan.vary && base.learningRate === undefined && !('learningRate' in plan.vary)
      ? [
          `Each optimizer ran with its own default learning rate, as in Keras 3${plan.vary['optimizer']!.includes('adadelta') ? '; that of adadelta is 0.001, and was 1 in Keras 2, with which it learns far faster' : ''}. Another rate may turn the order: vary learningRate too.`,
        ]
      : []),
    ...(splitPerSeed
      ? ['Each seed has drawn a split of its own: intervals hold the chance of the split as well.']
      : [
          'All runs share one split; seeds vary weights, dropout and the order of pictures. How much another split would change is not in these intervals (--split-per-seed).',
        ]),
  ];
}

/** Where most runs of a setting over-fit, in a sentence. */
export function describeOverFittingOf({ name, runs }: SettingSummary): string[] {
  const trained = runs.filter(({ history }) => history.length > 0);
  const found = trained.flatMap(({ history }) => findOverFitting(history) ?? []);
  if (found.length === 0 || found.length * 2 < trained.length) return [];
  const middle = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)]!;
  const how =
    found.filter(({ kind }) => kind === 'rising').length * 2 >= found.length ? 'rises again' : 'stays where it is';
  const number = (value: number) => Number(value.toPrecision(3));
  return [
    `${name} over-fits in ${found.length} of ${trained.length} ${trained.length === 1 ? 'run' : 'runs'}, from about epoch ` +
      `${middle(found.map(({ fromEpoch }) => fromEpoch))} on: the validation loss ${how} while the training loss falls, and the gap goes ` +
      `from ${number(middle(found.map(({ gap }) => gap)))} to ${number(middle(found.map(({ lateGap }) => lateGap)))} (medians).`,
  ];
}
