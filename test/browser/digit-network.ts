/** The training that Node and the page both run: the small convolutional network for digits, on pictures drawn from a seed.
 * Drawn with whole numbers and exact operations only, so that every JavaScript engine draws the same bits. */
import type { Tensor } from '../../src/core/tensor.ts';
import type * as Cajal from '../../src/index.ts';

const side = 28;

/** Which of the seven segments each digit has: top, upper left, upper right, middle, lower left, lower right, bottom. */
const segmentsOfDigits = [
  0b1110111, 0b0010010, 0b1011101, 0b1011011, 0b0111010, 0b1101011, 0b1101111, 0b1010010, 127, 123,
];

/** Left, top, width and height of the segments, in pixels of a picture without shift. */
const segments = [
  [9, 4, 10, 2],
  [8, 5, 2, 9],
  [18, 5, 2, 9],
  [9, 13, 10, 2],
  [8, 14, 2, 9],
  [18, 14, 2, 9],
  [9, 22, 10, 2],
] as const;

/** Digits like those of a pocket calculator, shifted, of random brightness and speckled: `[count, 28, 28, 1]` from 0 to 1. */
export function drawDigits({ Random, tensor }: typeof Cajal, count: number, seed: number): { x: Tensor; y: Tensor } {
  const pixels = new Float32Array(count * side * side);
  const digits = new Int32Array(count);
  for (let picture = 0; picture < count; picture++) {
    const random = new Random(seed, 'digits', picture);
    const digit = random.integer(10);
    digits[picture] = digit;
    const start = picture * side * side + (random.integer(5) - 2) * side + random.integer(5) - 2;
    const brightness = 128 + random.integer(128);
    for (const [index, [left, top, width, height]] of segments.entries()) {
      if (!(segmentsOfDigits[digit]! & (64 >> index))) continue;
      for (let y = top; y < top + height; y++) {
        const line = start + y * side + left;
        pixels.fill(brightness / 256, line, line + width);
      }
    }
    for (let speck = 0; speck < 20; speck++) {
      pixels[picture * side * side + random.integer(side * side)] = random.integer(256) / 256;
    }
  }
  return { x: tensor(pixels, [count, side, side, 1]), y: tensor(digits, [count, 1]) };
}

/** What one training is asked. */
export interface TrainingOrder extends Cajal.BackendOptions {
  readonly examples: number;
  readonly epochs: number;
}

/** What it came to, in a form that travels between a page and Node. */
export interface TrainingResult {
  readonly losses: readonly number[];
  readonly accuracies: readonly number[];
  /** All weights in the model's order, then the predictions of the first ten pictures. */
  readonly numbers: readonly Float32Array[];
  /** Milliseconds from one step's end to the next, the first step aside. */
  readonly stepMs: readonly number[];
}

/**
 * Trains with Adam and batches of 128, the last one of an epoch being smaller.
 *
 * @param onBegin called when the pictures are drawn
 */
export async function trainDigitNetwork(
  cajal: typeof Cajal,
  order: TrainingOrder,
  onBegin: () => void = () => {},
): Promise<TrainingResult> {
  const { examples, epochs, ...backend } = order;
  const { layers, sequential, tensor } = cajal;
  const { x, y } = drawDigits(cajal, examples, 1);
  onBegin();
  const model = sequential(
    [
      layers.input({ shape: [side, side, 1] }),
      layers.conv2d({ filters: 32, kernelSize: 3, activation: 'relu' }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dropout({ rate: 0.5 }),
      layers.dense({ units: 10, activation: 'softmax' }),
    ],
    { seed: 3, ...backend },
  );
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  const ends: number[] = [];
  const onTrainBatchEnd = () => void ends.push(performance.now());
  const { history } = await model.fit(x, y, { batchSize: 128, epochs, callbacks: [{ onTrainBatchEnd }] });
  const few = tensor(x.data.slice(0, 10 * side * side), [10, side, side, 1]);
  return {
    losses: history['loss']!,
    accuracies: history['accuracy']!,
    numbers: [...(await model.getWeights()).values(), (await model.predict(few)).data as Float32Array],
    stepMs: ends.slice(1).map((end, index) => end - ends[index]!),
  };
}
