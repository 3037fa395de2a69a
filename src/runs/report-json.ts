/** `report.json`: the data of the report without the bytes of its pictures. */
import type { ReportData } from './report-data.ts';

/** A copy of `data` in which each picture is its file, class and size only. */
export function reportAsJson(data: ReportData): object {
  return {
    ...data,
    mistakes: data.mistakes.map(({ picture, ...mistake }) => mistake),
    samples: data.samples.map(({ picture: { width, height }, ...sample }) => ({ ...sample, width, height })),
    firstBatch: data.firstBatch.map(({ picture: { width, height }, ...sample }) => ({ ...sample, width, height })),
  };
}
