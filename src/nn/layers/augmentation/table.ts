/** The layers for augmentation: a row per kind. */
import { autoContrast } from './auto-contrast.ts';
import { contrastLimitedAdaptiveHistogramEqualization } from './contrast-limited-adaptive-histogram-equalization.ts';
import { equalization } from './equalization.ts';
import { randAugment } from './rand-augment.ts';
import { randomAffine } from './random-affine.ts';
import { randomBrightness } from './random-brightness.ts';
import { randomChannelShift } from './random-channel-shift.ts';
import { randomColorDegeneration } from './random-color-degeneration.ts';
import { randomColorJitter } from './random-color-jitter.ts';
import { randomContrast } from './random-contrast.ts';
import { randomCrop } from './random-crop.ts';
import { randomElasticTransform } from './random-elastic-transform.ts';
import { randomErasing } from './random-erasing.ts';
import { randomFlip } from './random-flip.ts';
import { randomGaussianBlur } from './random-gaussian-blur.ts';
import { randomGrayscale } from './random-grayscale.ts';
import { randomHue } from './random-hue.ts';
import { randomInvert } from './random-invert.ts';
import { randomPerspective } from './random-perspective.ts';
import { randomPosterization } from './random-posterization.ts';
import { randomRot90 } from './random-rot90.ts';
import { randomRotation } from './random-rotation.ts';
import { randomSaturation } from './random-saturation.ts';
import { randomSharpness } from './random-sharpness.ts';
import { randomShear } from './random-shear.ts';
import { randomTranslation } from './random-translation.ts';
import { randomZoom } from './random-zoom.ts';
import { solarization } from './solarization.ts';

interface Rows {
  readonly randAugment: typeof randAugment;
  readonly randomElasticTransform: typeof randomElasticTransform;
  readonly randomErasing: typeof randomErasing;
  readonly randomGaussianBlur: typeof randomGaussianBlur;
  readonly randomAffine: typeof randomAffine;
  readonly randomCrop: typeof randomCrop;
  readonly randomFlip: typeof randomFlip;
  readonly randomPerspective: typeof randomPerspective;
  readonly randomRot90: typeof randomRot90;
  readonly randomRotation: typeof randomRotation;
  readonly randomShear: typeof randomShear;
  readonly randomTranslation: typeof randomTranslation;
  readonly randomZoom: typeof randomZoom;
  readonly autoContrast: typeof autoContrast;
  readonly contrastLimitedAdaptiveHistogramEqualization: typeof contrastLimitedAdaptiveHistogramEqualization;
  readonly equalization: typeof equalization;
  readonly randomBrightness: typeof randomBrightness;
  readonly randomChannelShift: typeof randomChannelShift;
  readonly randomColorDegeneration: typeof randomColorDegeneration;
  readonly randomColorJitter: typeof randomColorJitter;
  readonly randomContrast: typeof randomContrast;
  readonly randomGrayscale: typeof randomGrayscale;
  readonly randomHue: typeof randomHue;
  readonly randomInvert: typeof randomInvert;
  readonly randomPosterization: typeof randomPosterization;
  readonly randomSaturation: typeof randomSaturation;
  readonly randomSharpness: typeof randomSharpness;
  readonly solarization: typeof solarization;
}

/** By the names of their functions. */
export const augmentationLayers: Rows = {
  randAugment,
  randomElasticTransform,
  randomErasing,
  randomGaussianBlur,
  randomAffine,
  randomCrop,
  randomFlip,
  randomPerspective,
  randomRot90,
  randomRotation,
  randomShear,
  randomTranslation,
  randomZoom,
  autoContrast,
  contrastLimitedAdaptiveHistogramEqualization,
  equalization,
  randomBrightness,
  randomChannelShift,
  randomColorDegeneration,
  randomColorJitter,
  randomContrast,
  randomGrayscale,
  randomHue,
  randomInvert,
  randomPosterization,
  randomSaturation,
  randomSharpness,
  solarization,
};
