/** What a run's files are called. Changing a name here makes older runs unreadable. */

/** The names of a run's files and folders. */
export const runFiles = {
  arguments: 'args.json',
  versions: 'versions.json',
  history: 'history.csv',
  events: 'events.jsonl',
  split: 'split.json',
  report: 'report.json',
  page: 'report.html',
  best: 'weights/best',
  last: 'weights/last',
  checkpoint: 'checkpoint',
} as const;
