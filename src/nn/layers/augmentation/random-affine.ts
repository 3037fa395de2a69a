/** RandomAffine: a turn, a shear, a zoom and a shift at once. Pictures are read between their pixels once, where a layer for each
 * would blur them four times and take four times as long. */
import { negate } from '../../../ops/elementwise.ts';
import { aroundZero, checkFactor, type Factor } from './picture-options.ts';
import { type RandomLayer, randomLayer } from './random-layer.ts';
import { turned } from './random-rotation.ts';
import { checkZoom } from './random-zoom.ts';
import { checkMoving, type MovingConfig, type MovingOptions, movingOptions, samplingOf } from './sampling-options.ts';
import { type Affine, aboutCentre, composed, moved, transformRows } from './transforms.ts';

/** Options of `randomAffine`: each from −factor to factor, or between two numbers; 0 where not given. */
export interface RandomAffineOptions extends MovingOptions {
  /** In whole turns, as `randomRotation`; −1 … 1. */
  rotationFactor?: Factor;
  /** How far down, as a share of the height, as `randomTranslation`; −1 … 1. */
  heightFactor?: Factor;
  /** How far to the right, as a share of the width; −1 … 1. */
  widthFactor?: Factor;
  /** 0.2 shows 20 % more, −0.2 shows 20 % less, as `randomZoom`; from above −1 to 1. Proportions stay. */
  zoomFactor?: Factor;
  /** How far rows slide along the width for each row below the middle; −1 … 1. */
  shearFactor?: Factor;
}

type Config = Required<Omit<RandomAffineOptions, 'dataFormat'>> & MovingConfig;

/** Input and output `[batch, height, width, channels]`. All but the shift leave the middle where it is. */
export const randomAffine: RandomLayer<RandomAffineOptions, Config, 'transform'> = randomLayer({
  className: 'RandomAffine',
  options: ['rotationFactor', 'heightFactor', 'widthFactor', 'zoomFactor', 'shearFactor', ...movingOptions],
  configure(
    { rotationFactor = 0, heightFactor = 0, widthFactor = 0, zoomFactor = 0, shearFactor = 0, ...moving },
    where,
  ) {
    const rule = { min: -1, max: 1 };
    return {
      rotationFactor: checkFactor(where, 'rotationFactor', rotationFactor, rule),
      heightFactor: checkFactor(where, 'heightFactor', heightFactor, rule),
      widthFactor: checkFactor(where, 'widthFactor', widthFactor, rule),
      zoomFactor: checkZoom(where, 'zoomFactor', zoomFactor),
      shearFactor: checkFactor(where, 'shearFactor', shearFactor, rule),
      ...checkMoving(where, moving),
    };
  },
  draws: () => 5,
  parameters(draws, { rotationFactor, heightFactor, widthFactor, zoomFactor, shearFactor }, shape) {
    const drawn = (factor: Factor, scale: number, middle = 0) => {
      const [low, high] = aroundZero(factor);
      return draws.next([middle + low * scale, middle + high * scale]);
    };
    const angle = drawn(rotationFactor, 2 * Math.PI);
    const down = negate(drawn(heightFactor, shape[1]!));
    const right = negate(drawn(widthFactor, shape[2]!));
    const zoom = drawn(zoomFactor, 1, 1);
    const slide = drawn(shearFactor, 1);
    const shift: Affine = [1, 0, right, 0, 1, down];
    const sheared = aboutCentre(shape, 1, slide, 0, 1);
    const zoomed = aboutCentre(shape, zoom, 0, 0, zoom);
    const transform = composed(turned(shape, angle), composed(sheared, composed(zoomed, shift)));
    return { transform: transformRows(angle, transform) };
  },
  pixels: (x, { transform }, config) => moved(x, transform, samplingOf(config)),
});
