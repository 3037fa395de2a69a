/** A worker thread that prepares pictures: it gets rasters and gives back what the network sees. `prepare-elsewhere.ts` starts
 * it and says what goes to and fro. */
import { parentPort } from 'node:worker_threads';
import { preparePicture } from '../pictures/prepare-picture.ts';
import type { Preprocessing } from '../pictures/preprocessing.ts';
import type { Raster, Samples } from '../pictures/raster.ts';

/** A picture to prepare. */
export interface PrepareRequest {
  readonly id: number;
  readonly raster: Raster;
  readonly preprocessing: Preprocessing;
}

/** What became of it; an `id` of −1 says that the thread has started. */
export type PrepareAnswer =
  | { readonly id: number; readonly pixels: Samples; readonly error?: never }
  | { readonly id: number; readonly error: unknown; readonly pixels?: never };

parentPort?.on('message', ({ id, raster, preprocessing }: PrepareRequest) => {
  try {
    const pixels = preparePicture(raster, preprocessing);
    parentPort!.postMessage({ id, pixels } satisfies PrepareAnswer, [pixels.buffer as ArrayBuffer]);
  } catch (error) {
    parentPort!.postMessage({ id, error: (error as Error).message } satisfies PrepareAnswer);
  }
});
parentPort?.postMessage({ id: -1, error: undefined } satisfies PrepareAnswer);
