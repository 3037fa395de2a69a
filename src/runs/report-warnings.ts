/** Finds what a person should know before relying on the numbers of a report. */
import { findOverFitting } from './over-fitting.ts';
import type { EvaluationReport, ReportData } from './report-data.ts';
import type { ReportText } from './report-text.ts';

/** Below this many sources the interval is said to be too narrow. */
const fewGroups = 100;

/** From how many sources the evaluated pictures come, in words, where that is known. */
export function evaluatedGroups({ evaluation, subsets, groupNoun }: ReportData, text: ReportText): string | undefined {
  const groups = subsets.find(({ name }) => name === evaluation?.subset)?.groups;
  return groups === undefined ? undefined : text.groups(groups, groupNoun ?? text.defaultGroupNoun);
}

function* evaluationWarnings(data: ReportData, evaluation: EvaluationReport, text: ReportText): Generator<string> {
  const { classes } = evaluation.report;
  if (evaluation.interval.low <= evaluation.baseline.accuracy) {
    yield text.noBetterThanBaseline(evaluation.baseline.className);
  }
  if (evaluation.seen === 'training') yield text.seenWarning;
  if (evaluation.seen === 'never') {
    if (data.split.method === 'fraction') yield text.randomSplitWarning;
    const { groups = fewGroups } = data.subsets.find(({ name }) => name === evaluation.subset) ?? {};
    if (groups < fewGroups && groups < evaluation.pictures) {
      yield text.clusteredWarning(evaluatedGroups(data, text) ?? '');
    }
    if (evaluation.subset === 'validation' && data.monitor?.key.startsWith('val_')) {
      yield text.chosenOnSameWarning(data.monitor.key);
    }
  }
  const empty = classes.filter(({ support }) => support === 0).map(({ name }) => name);
  if (empty.length > 0) yield text.emptyClassWarning(empty);
  const isAnswered = (index: number) => evaluation.confusionMatrix.some((row) => row[index]! > 0);
  const unanswered = classes.filter(({ support }, index) => support > 0 && !isAnswered(index)).map(({ name }) => name);
  if (unanswered.length > 0) yield text.neverAnsweredWarning(unanswered);
}

/** The sentences, the weightiest first; the caller's own are at the end. */
export function listWarnings(data: ReportData, text: ReportText): string[] {
  const ending = data.ending && text.endingWarning(data.ending);
  const overFitting = findOverFitting(data.history);
  return [
    ...(ending === undefined ? [] : [ending]),
    ...(data.evaluation ? evaluationWarnings(data, data.evaluation, text) : [text.noEvaluationWarning]),
    ...(overFitting ? [text.overFittingWarning(overFitting)] : []),
    ...(data.skippedFiles.length > 0 ? [text.skippedWarning(data.skippedFiles.length)] : []),
    ...data.warnings,
  ];
}
