/** The picture of a search for a learning rate: the loss over the learning rate, and what follows from it. */
import * as Plot from '@observablehq/plot';
import type { LearningRateSearch } from '../model/learning-rate-finder.ts';
import type { Markup } from './html.ts';
import { renderChart } from './svg-chart.ts';

const width = 860;
const height = 420;
/** Room above the smoothed curve, as a share of its range: single losses beyond it are not drawn. */
const headroom = 0.35;

/** A learning rate as a person would type it: two digits. */
export function formatLearningRate(rate: number): string {
  return rate < 1e-3 ? rate.toExponential(1).replace('.0e', 'e') : String(Number(rate.toPrecision(2)));
}

interface Point {
  readonly rate: number;
  readonly loss: number;
}

/** Losses as dots, their smoothed curve, and a line at the suggestion. */
export function plotLearningRates({
  learningRates,
  losses,
  smoothed,
  suggestion,
  minimumOverTen,
}: LearningRateSearch): Markup {
  const pointsOf = (values: readonly number[]): Point[] =>
    values.map((loss, place) => ({ rate: learningRates[place]!, loss }));
  const [low, high] = rangeOf(losses, smoothed);
  const isShown = ({ loss }: Point) => loss >= low && loss <= high;
  const marks = [
    ...(minimumOverTen === undefined
      ? []
      : [{ rate: minimumOverTen, name: 'minimum / 10', colour: 'var(--soft)', dy: -6, dashes: '2 4' }]),
    ...(suggestion === undefined
      ? []
      : [{ rate: suggestion, name: 'suggestion', colour: 'var(--validation)', dy: -22, dashes: '' }]),
  ];
  const middle = Math.sqrt(learningRates[0]! * learningRates.at(-1)!);
  const result =
    suggestion === undefined
      ? 'There is no suggestion.'
      : `It falls most steeply at ${formatLearningRate(suggestion)}.`;
  return renderChart({
    title: 'Loss over the learning rate',
    description: `Learning rates from ${formatLearningRate(learningRates[0]!)} to ${formatLearningRate(learningRates.at(-1)!)} on a logarithmic scale; the smoothed loss goes from ${format(smoothed[0]!)} to its least value, ${format(Math.min(...smoothed))}, and ends at ${format(smoothed.at(-1)!)}. ${result}`,
    plot: {
      width,
      height,
      marginLeft: 60,
      marginRight: 20,
      marginTop: 46,
      marginBottom: 46,
      x: { type: 'log', domain: [learningRates[0]!, learningRates.at(-1)!] },
      y: { domain: [low, high], nice: false },
      marks: [
        Plot.gridY({ ticks: 5, stroke: 'var(--line)', strokeOpacity: 1 }),
        Plot.axisY({ ticks: 5, tickSize: 0, label: null, tickFormat: format }),
        Plot.text(['loss'], { frameAnchor: 'top-left', dx: -52, dy: -20, fill: 'var(--muted)' }),
        Plot.axisX({
          ticks: 8,
          tickSize: 4,
          tickFormat: tickOf,
          label: 'learning rate',
          labelArrow: 'none',
          labelAnchor: 'center',
          labelOffset: 40,
        }),
        Plot.dot(pointsOf(losses).filter(isShown), {
          x: 'rate',
          y: 'loss',
          r: 2,
          fill: 'var(--training)',
          fillOpacity: 0.55,
        }),
        Plot.lineY(pointsOf(smoothed), {
          x: 'rate',
          y: 'loss',
          stroke: 'var(--training)',
          strokeWidth: 2.5,
          clip: true,
        }),
        ...marks.flatMap(({ rate, name, colour, dy, dashes }) => {
          const isRight = rate > middle;
          return [
            Plot.ruleX([rate], { stroke: colour, strokeWidth: 1.5, strokeDasharray: dashes }),
            Plot.text([rate], {
              x: (x: number) => x,
              frameAnchor: 'top',
              lineAnchor: 'bottom',
              dy,
              dx: isRight ? 4 : -4,
              textAnchor: isRight ? 'end' : 'start',
              fill: 'var(--ink)',
              text: () => `${name}: ${formatLearningRate(rate)}`,
            }),
          ];
        }),
      ],
    },
  });
}

/** The same picture as an `.svg` file that stands alone, for light and dark pages. */
export function learningRateSvg(search: LearningRateSearch): string {
  const { text } = plotLearningRates(search);
  const alone = text.replace(/^<svg/, '<svg xmlns="http://www.w3.org/2000/svg"').replace('background:transparent;', '');
  return `${alone.replace(/>/, `>${svgStyle}`)}\n`;
}

const svgStyle = `<style>
svg { background: var(--paper); color: var(--ink); font-family: system-ui, sans-serif;
  --paper: #ffffff; --ink: #1d2530; --muted: #586573; --line: #dfe4ea; --training: #c4510a; --validation: #0b63b0; --soft: #8894a0; }
@media (prefers-color-scheme: dark) { svg {
  --paper: #14181d; --ink: #e4e9ee; --muted: #9aa7b4; --line: #303841; --training: #f0a04b; --validation: #6bb3f2; --soft: #77838f; } }
</style>`;

/** The smoothed curve with some room: what exploded at the end would leave all else a flat line. */
function rangeOf(losses: readonly number[], smoothed: readonly number[]): [low: number, high: number] {
  const least = Math.min(...smoothed);
  const most = Math.min(Math.max(...smoothed), least + 2 * Math.max(smoothed[0]! - least, 0.05 * Math.abs(least)));
  const room = headroom * (most - least) || 1;
  const shown = losses.filter((loss) => loss >= least - room && loss <= most + room);
  return [Math.min(least, ...shown) - room / 8, Math.max(most, ...shown) + room / 8];
}

function tickOf(rate: number): string {
  return rate >= 0.001 && rate < 1000 ? String(Number(rate.toPrecision(2))) : rate.toExponential(0).replace('e+', 'e');
}

function format(value: number): string {
  return String(Number(value.toPrecision(3)));
}
