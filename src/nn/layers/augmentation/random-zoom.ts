/** RandomZoom: pictures nearer or further away. */
import { OptionError } from '../../../core/errors.ts';
import { show } from '../../../core/options.ts';
import { aroundZero, checkFactor, type Factor } from './picture-options.ts';
import { type RandomLayer, randomLayer } from './random-layer.ts';
import { checkMoving, type MovingConfig, type MovingOptions, movingOptions, samplingOf } from './sampling-options.ts';
import { aboutCentre, moved, transformRows } from './transforms.ts';

/** Options of `randomZoom`. */
export interface RandomZoomOptions extends MovingOptions {
  /** 0.2 shows 20 % more, −0.2 shows 20 % less: from −factor to factor, or between the two numbers; above −1, at most 1. */
  heightFactor: Factor;
  /** The same along the width; default: as much as along the height, so that proportions stay. */
  widthFactor?: Factor;
}

type Config = { readonly heightFactor: Factor; readonly widthFactor?: Factor } & MovingConfig;

/** Input and output `[batch, height, width, channels]`. */
export const randomZoom: RandomLayer<RandomZoomOptions, Config, 'transform'> = randomLayer({
  className: 'RandomZoom',
  options: ['heightFactor', 'widthFactor', ...movingOptions],
  configure({ heightFactor, widthFactor, ...moving }, where) {
    const own = widthFactor ?? undefined;
    return {
      heightFactor: checkZoom(where, 'heightFactor', heightFactor),
      ...(own !== undefined && { widthFactor: checkZoom(where, 'widthFactor', own) }),
      ...checkMoving(where, moving),
    };
  },
  draws: ({ widthFactor }) => (widthFactor === undefined ? 1 : 2),
  parameters(draws, { heightFactor, widthFactor }, shape) {
    const zoom = (factor: Factor) => {
      const [low, high] = aroundZero(factor);
      return draws.next([1 + low, 1 + high]);
    };
    const rows = zoom(heightFactor);
    const columns = widthFactor === undefined ? rows : zoom(widthFactor);
    return { transform: transformRows(rows, aboutCentre(shape, columns, 0, 0, rows)) };
  },
  pixels: (x, { transform }, config) => moved(x, transform, samplingOf(config)),
});

/** A factor that leaves something to be seen. @throws OptionError */
export function checkZoom(where: string, name: string, factor: unknown): Factor {
  const checked = checkFactor(where, name, factor, { min: -1, max: 1 });
  if (aroundZero(checked)[0] > -1) return checked;
  throw new OptionError(
    `${where}: ${name} must stay above -1, where nothing is left to be seen, received ${show(factor)}.`,
  );
}
