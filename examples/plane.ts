/** Draws what a model says about each point of a plane: in the terminal, and as an SVG file. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { type Model, tensor } from 'cajal';

/** A point that the model learned from, and its class. */
export interface Point {
  readonly x: readonly number[];
  readonly label: number;
}

/** The part of the plane that is drawn: from `low` to `high` on both axes. */
const low = -0.5;
const high = 1.5;

/** Asks the model about `count` × `count` points, the top row first. @returns its answers between 0 and 1, row by row */
export async function askPlane(model: Model, count: number): Promise<number[][]> {
  const step = (high - low) / (count - 1);
  const places = Array.from({ length: count }, (_, index) => low + index * step);
  const points = places.toReversed().flatMap((second) => places.map((first) => [first, second]));
  const { data } = await model.predict(tensor(points), { batchSize: points.length });
  return places.map((_, row) => Array.from(data.subarray(row * count, (row + 1) * count)));
}

/** The plane in letters: `░` where the answer is above one half, and the points as `0` and `1`. */
export function drawPlane(answers: readonly (readonly number[])[], points: readonly Point[]): string {
  const rows: string[][] = answers.map((row) => row.map((answer) => (answer > 0.5 ? '░' : ' ')));
  const place = (value: number) => Math.round(((value - low) / (high - low)) * (rows.length - 1));
  for (const { x, label } of points) rows[rows.length - 1 - place(x[1]!)]![place(x[0]!)] = String(label);
  // A letter is about twice as high as it is wide.
  const lines = rows.map((row) => `  │${row.map((letter) => (letter === '░' ? '░░' : ` ${letter}`)).join('')}│`);
  const edge = '─'.repeat(2 * rows.length);
  return [`  ┌${edge}┐`, ...lines, `  └${edge}┘`].join('\n');
}

/** The plane as a picture, blue for 0 and orange for 1. @returns the file's path */
export function savePlane(name: string, answers: readonly (readonly number[])[], points: readonly Point[]): string {
  const size = 400;
  const cell = size / answers.length;
  const place = (value: number) => ((value - low) / (high - low)) * (size - cell) + cell / 2;
  const colour = (answer: number) => `hsl(${answer > 0.5 ? 30 : 210} 90% ${95 - 70 * Math.abs(answer - 0.5)}%)`;
  const cells = answers.flatMap((row, y) =>
    row.map((answer, x) => {
      const corner = `x="${(x * cell).toFixed(1)}" y="${(y * cell).toFixed(1)}"`;
      return `<rect ${corner} width="${cell + 0.5}" height="${cell + 0.5}" fill="${colour(answer)}"/>`;
    }),
  );
  const dots = points.map(({ x, label }) => {
    const centre = `cx="${place(x[0]!)}" cy="${size - place(x[1]!)}"`;
    return `<circle ${centre} r="9" stroke="#fff" stroke-width="2" fill="${label === 1 ? '#c45500' : '#1f5fa8'}"/>`;
  });
  const file = `build/examples/${name}.svg`;
  mkdirSync('build/examples', { recursive: true });
  const [open, close] = [`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}">`, '</svg>'];
  writeFileSync(file, [open, ...cells, ...dots, close].join('\n'));
  return file;
}
