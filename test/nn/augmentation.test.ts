// Protects: what layers for augmentation draw: ranges, a number of its own for each picture and step, nothing outside
// training; what they say to wrong arguments; and that they come back from their saved form.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { batchAxis } from '../../src/core/shape.ts';
import { augmentationLayers } from '../../src/nn/layers/augmentation/table.ts';
import type { Layer } from '../../src/nn/layers/layer.ts';
import { layerFromConfig, layers } from '../../src/nn/layers/table.ts';
import { moved, type Name, outputs, parametersOf } from './augmented.ts';

/** Of one number for each picture: what draws of 0, a half and almost 1 become. */
async function spanOf(name: Name, options: object, key: string): Promise<number[]> {
  const draws = [[0], [0.5], [1 - 2 ** -24]];
  const values = (await parametersOf(name, options, draws))[key]!;
  return values.map((value) => Math.round(value * 1e4) / 1e4);
}

describe('what is drawn', () => {
  it('spreads over the range of a factor', async () => {
    assert.deepEqual(await spanOf('randomBrightness', { factor: 0.2 }, 'delta'), [-51, 0, 51]);
    assert.deepEqual(
      await spanOf('randomBrightness', { factor: [0.5, -0.1], valueRange: [-1, 1] }, 'delta'),
      [-0.2, 0.4, 1],
    );
    assert.deepEqual(await spanOf('randomContrast', { factor: 0.3 }, 'factor'), [0.7, 1, 1.3]);
    assert.deepEqual(await spanOf('randomContrast', { factor: [0.4, 0.2] }, 'factor'), [0.6, 0.9, 1.2]);
    assert.deepEqual(await spanOf('randomColorDegeneration', { factor: 0.4 }, 'factor'), [0, 0.2, 0.4]);
    assert.deepEqual(await spanOf('randomSharpness', { factor: [0.2, 0.8] }, 'factor'), [0.2, 0.5, 0.8]);
    assert.deepEqual(await spanOf('randomSaturation', { factor: [0.25, 0.75] }, 'times'), [0.3333, 1, 3]);
  });

  it('gives shares', async () => {
    const share = async (name: Name, options: object, key: string) => {
      const draws = Array.from({ length: 100 }, (_, index) => [index / 100]);
      return (await parametersOf(name, options, draws))[key]!.reduce((sum, value) => sum + value, 0);
    };
    assert.equal(await share('randomGrayscale', {}, 'isGrey'), 50);
    assert.equal(await share('randomGrayscale', { factor: 0.2 }, 'isGrey'), 20);
    assert.equal(await share('randomInvert', {}, 'isInverted'), 50);
    assert.equal(await share('randomInvert', { factor: [0.6, 0.8] }, 'isInverted'), 70);
    assert.equal(await share('randomInvert', { factor: [1, 1] }, 'isInverted'), 100);
  });

  it('turns hues in both directions', async () => {
    const draws = [0, 0.9].flatMap((side) => [0, 0.5, 1 - 2 ** -24].map((amount) => [side, amount]));
    const { turn } = await parametersOf('randomHue', { factor: [0.2, 0.6] }, draws);
    assert.deepEqual(
      turn!.map((value) => Math.round(value * 1e4) / 1e4),
      [0.1, 0.2, 0.3, -0.1, -0.2, -0.3],
    );
  });

  it('keeps a whole number of bits', async () => {
    assert.deepEqual(await spanOf('randomPosterization', { factor: 3 }, 'step'), [32, 32, 32]);
    assert.deepEqual(await spanOf('randomPosterization', { factor: [6, 8] }, 'step'), [1, 2, 4]);
    assert.deepEqual(await spanOf('randomPosterization', { factor: [8, 1] }, 'step'), [1, 16, 128]);
  });

  it('takes both ends of solarization from the value range', async () => {
    const options = { additionFactor: [0.2, 0.4], thresholdFactor: 0.5, valueRange: [-1, 1] };
    const { addition, threshold } = await parametersOf('solarization', options, [
      [0, 0],
      [0.5, 0.5],
    ]);
    assert.deepEqual(
      [...addition!, ...threshold!].map((value) => Math.round(value * 1e4) / 1e4),
      [0.4, 0.6, -1, -0.5],
    );
  });

  it('shifts each channel by itself', async () => {
    const { shift } = await parametersOf('randomChannelShift', { factor: 0.5, valueRange: [0, 1] }, [[0, 0.5, 0.75]]);
    assert.deepEqual(shift, [-0.5, 0, 0.25]);
    const shifted = await outputs(layers.randomChannelShift({ factor: 0.2 }), [1, 1, 4]);
    assert.equal(new Set(shifted).size, 8);
  });

  it('differs from picture to picture and from step to step, and stays in its range', async () => {
    const layer = layers.randomBrightness({ factor: 0.2 });
    const values = await outputs(layer, [1, 1, 1], { batch: 500 });
    assert.ok(Math.min(...values) >= 49 && Math.min(...values) < 50, `from ${Math.min(...values)}`);
    assert.ok(Math.max(...values) <= 151 && Math.max(...values) > 150, `to ${Math.max(...values)}`);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    assert.ok(Math.abs(mean - 100) < 4, `mean ${mean}`);
    assert.ok(new Set(values).size > 490);
    assert.notDeepEqual(await outputs(layer, [1, 1, 1], { batch: 500, step: 1 }), values);
  });
});

const everyLayer: readonly (readonly [Name, object])[] = [
  ['randAugment', { numOps: 3, factor: [0.1, 0.2] }],
  ['randomElasticTransform', { fillMode: 'mirror', scale: [0.2, 0.4] }],
  ['randomErasing', { fillValue: [1, 2, 3] }],
  ['randomGaussianBlur', { kernelSize: [3, 5], sigma: 0.5 }],
  ['randomAffine', { rotationFactor: 0.1, zoomFactor: [-0.1, 0.2], fillMode: 'nearest' }],
  ['randomCrop', { height: 8, width: 8 }],
  ['randomFlip', { mode: 'vertical' }],
  ['randomPerspective', { scale: 0.3 }],
  ['randomRot90', {}],
  ['randomRotation', { factor: [-0.1, 0.2], fillMode: 'constant', fillValue: 3 }],
  ['randomShear', { xFactor: 0.2 }],
  ['randomTranslation', { heightFactor: 0.1, widthFactor: [0, 0.2], interpolation: 'nearest' }],
  ['randomZoom', { heightFactor: 0.3 }],
  ['randomBrightness', { factor: 0.3, valueRange: [0, 1] }],
  ['randomChannelShift', { factor: [-0.1, 0.3] }],
  ['randomColorDegeneration', { factor: 0.5 }],
  ['randomColorJitter', { brightnessFactor: 0.2, hueFactor: [0.1, 0.2] }],
  ['randomContrast', { factor: [0.1, 0.2] }],
  ['randomGrayscale', { factor: 0.4 }],
  ['randomHue', { factor: 0.2 }],
  ['randomInvert', {}],
  ['randomPosterization', { factor: [2, 4] }],
  ['randomSaturation', { factor: 0.7 }],
  ['randomSharpness', { factor: 1 }],
  ['solarization', { additionFactor: 0.2 }],
  ['autoContrast', { valueRange: [-1, 1] }],
  ['contrastLimitedAdaptiveHistogramEqualization', { clipLimit: 3, tileGridSize: [2, 4], factor: 0.5 }],
  ['equalization', { bins: 64 }],
];

describe('every layer', () => {
  it('is tried here', () => {
    assert.deepEqual([...new Set(everyLayer.map(([name]) => name))].sort(), Object.keys(augmentationLayers).sort());
  });

  it('does nothing outside training', async () => {
    for (const [name, options] of everyLayer) {
      const make = layers[name] as (options: object) => Layer;
      const values = await outputs(make(options), [8, 8, 3], { training: false });
      assert.deepEqual(values, new Array(values.length).fill(100), name);
    }
  });

  it('comes back from its saved form', () => {
    for (const [name, options] of everyLayer) {
      const layer = (layers[name] as (options: object) => Layer)(options);
      const again = layerFromConfig(layer.className, JSON.parse(JSON.stringify(layer.config)), 'again');
      assert.deepEqual(again.config, layer.config, name);
    }
  });
});

describe('single layers', () => {
  it('jitters by the four changes in their order', async () => {
    const factors = { brightnessFactor: [0.2, 0.2], contrastFactor: [0.5, 0] } as const;
    const { 'brightnessFactor delta': delta, 'contrastFactor factor': factor } = await parametersOf(
      'randomColorJitter',
      factors,
      [[0.5, 0]],
    );
    assert.deepEqual([...delta!, ...factor!], [51, 0.5]);
    // Grey pictures change in brightness alone: contrast, saturation and hue leave them.
    const values = await outputs(
      layers.randomColorJitter({ ...factors, saturationFactor: 0.8, hueFactor: 1 }),
      [2, 2, 3],
    );
    for (const value of values) assert.ok(Math.abs(value - 151) < 1e-9, `${value}`);
    assert.deepEqual(await outputs(layers.randomColorJitter(), [1, 1, 1]), [100, 100]);
  });

  it('keeps whole numbers whole in posterizing values from 0 to 1', async () => {
    for (let byte = 0; byte < 256; byte++) {
      const layer = layers.randomPosterization({ factor: 8, valueRange: [0, 1] });
      if (byte % 17 !== 0) continue;
      const [value] = await outputs(layer, [1, 1, 1], { value: byte / 255 });
      assert.ok(Math.abs(value! * 255 - byte) < 1e-3, `${byte} becomes ${value! * 255}`);
    }
  });

  it('inverts within a range that does not begin at 0', async () => {
    const values = await outputs(layers.randomInvert({ factor: [1, 1], valueRange: [-1, 1] }), [1, 1, 1], {
      value: 0.25,
    });
    assert.deepEqual(values, [-0.25, -0.25]);
  });
});

describe('layers that move pixels', () => {
  it('mirrors in each direction by itself', async () => {
    const draws = [0.1, 0.9].flatMap((first) => [0.1, 0.9].map((second) => [first, second]));
    assert.deepEqual(await moved('randomFlip', {}, [2, 3], draws), [
      [6, 5, 4, 3, 2, 1],
      [3, 2, 1, 6, 5, 4],
      [4, 5, 6, 1, 2, 3],
      [1, 2, 3, 4, 5, 6],
    ]);
  });

  it('turns, slants, zooms and shifts in one go', async () => {
    const one = 1 - 2 ** -24;
    const places = async (name: Name, options: object, draws: readonly number[], shape = [5, 9, 1]) => {
      const { transform } = await parametersOf(name, options, [draws], shape);
      return transform!.map((value) => Math.round(value * 1e5) / 1e5 + 0);
    };
    const alone = (options: object, place: number) =>
      places(
        'randomAffine',
        options,
        [0, 0, 0, 0, 0].map((_, index) => (index === place ? one : 0.5)),
      );
    // Each by itself is what its own layer does.
    assert.deepEqual(await alone({ rotationFactor: 0.1 }, 0), await places('randomRotation', { factor: 0.1 }, [one]));
    const shifts = { heightFactor: 0.2, widthFactor: 0 };
    assert.deepEqual(await alone(shifts, 1), await places('randomTranslation', shifts, [one, 0.5]));
    assert.deepEqual(
      await alone({ widthFactor: 0.3 }, 2),
      await places('randomTranslation', { heightFactor: 0, widthFactor: 0.3 }, [0.5, one]),
    );
    assert.deepEqual(await alone({ zoomFactor: 0.2 }, 3), await places('randomZoom', { heightFactor: 0.2 }, [one]));
    assert.deepEqual(await alone({ shearFactor: 0.5 }, 4), [1, 0.5, -1, 0, 1, 0, 0, 0]);
    // Together: shifted by (-1, 2), zoomed by 1.5, slanted by 0.5, turned by a quarter, about the middle at (4, 2).
    const together = { rotationFactor: [0.25, 0.25], heightFactor: [0.4, 0.4], widthFactor: [-1 / 9, -1 / 9] };
    const rest = { zoomFactor: [0.5, 0.5], shearFactor: [0.5, 0.5] };
    const [x, y] = [7, 1];
    const [shiftedX, shiftedY] = [x + 1 - 4, y - 2 - 2];
    const [zoomedX, zoomedY] = [1.5 * shiftedX, 1.5 * shiftedY];
    const slantedX = zoomedX + 0.5 * zoomedY;
    const [a0, a1, a2, b0, b1, b2] = await places('randomAffine', { ...together, ...rest }, [0, 0, 0, 0, 0]);
    assert.deepEqual([a0! * x + a1! * y + a2!, b0! * x + b1! * y + b2!], [4 - zoomedY, 2 + slantedX]);
  });

  it('turns by quarters', async () => {
    assert.deepEqual(await moved('randomRot90', {}, [2, 2], [[0.1], [0.3], [0.6], [0.99]]), [
      [1, 2, 3, 4],
      [2, 4, 1, 3],
      [4, 3, 2, 1],
      [3, 1, 4, 2],
    ]);
    const odd = await moved('randomRot90', {}, [3, 3], [[0.3]]);
    assert.deepEqual(odd, [[3, 6, 9, 2, 5, 8, 1, 4, 7]]);
  });

  it('cuts each picture at a place of its own, the last one included', async () => {
    const draws = [
      [0, 0],
      [0.99, 0.99],
      [0.5, 0.4],
    ];
    assert.deepEqual(await moved('randomCrop', { height: 1, width: 2 }, [2, 3], draws), [
      [1, 2],
      [5, 6],
      [4, 5],
    ]);
  });

  it('resizes what is not larger than the crop, and all pictures outside training', async () => {
    const crop = layers.randomCrop({ height: 2, width: 2 });
    assert.deepEqual(await outputs(crop, [2, 4, 1]), new Array(8).fill(100));
    assert.deepEqual(await outputs(crop, [6, 4, 1], { training: false }), new Array(8).fill(100));
    assert.deepEqual(await outputs(layers.randomCrop({ height: 3, width: 3 }), [2, 2, 1]), new Array(18).fill(100));
  });

  it('leaves pictures that perspective does not choose', async () => {
    const draws = [0.9, ...new Array<number>(8).fill(0.1)];
    assert.deepEqual(await moved('randomPerspective', { factor: [0.2, 0.4] }, [2, 3], [draws]), [[1, 2, 3, 4, 5, 6]]);
  });
});

describe('wrong arguments', () => {
  const refuses = (className: string, options: object, message: string) =>
    assert.throws(() => layerFromConfig(className, { ...options }), { message: `${className}: ${message}` });
  const refusesShape = (className: string, options: object, shape: readonly number[], message: string) =>
    assert.throws(() => layerFromConfig(className, { ...options }).weights([[batchAxis, ...shape]], className), {
      message: `${className}: ${message}`,
    });

  it('are refused by name', () => {
    refuses(
      'RandomBrightness',
      {},
      'factor must be a number from -1 to 1, or the two that it is drawn between, received nothing.',
    );
    refuses('RandomContrast', { factor: 2 }, 'factor must be a number of at least 0 and of at most 1, received 2.');
    refuses('RandomHue', { factor: [0, -1] }, 'factor must be a number of at least 0 and of at most 1, received -1.');
    refuses(
      'RandomZoom',
      { heightFactor: -1 },
      'heightFactor must stay above -1, where nothing is left to be seen, received -1.',
    );
    refuses(
      'RandomRotation',
      { factor: 0.1, fillMode: 'reflekt' },
      'unknown fillMode "reflekt". Did you mean "reflect"? Choose from reflect, wrap, constant, nearest.',
    );
    refuses(
      'RandomErasing',
      { fillValue: 'white' },
      'fillValue must be a number, or one for each channel, received "white".',
    );
    refuses(
      'RandomGaussianBlur',
      { kernelSize: 4 },
      'kernelSize must be an odd whole number, or two [down, across], received 4.',
    );
    refuses('Equalization', { bins: 1 }, 'bins must be a whole number of at least 2 and of at most 65536, received 1.');
    refuses(
      'ContrastLimitedAdaptiveHistogramEqualization',
      { tileGridSize: [8, 65] },
      'tileGridSize must be two whole numbers from 1 to 64, [down, across], received [8,65].',
    );
    refuses(
      'RandomFlip',
      { mode: 'both' },
      'unknown mode "both". Choose from horizontal, vertical, horizontalAndVertical.',
    );
    refuses(
      'RandomInvert',
      { valueRange: [1, 1] },
      'valueRange must be the smallest and the largest value of pixels, as [0, 255], received [1,1].',
    );
    refuses(
      'RandomPosterization',
      { factor: 2.5 },
      'factor must be a whole number of bits from 1 to 8, or the two that it is drawn between, received 2.5.',
    );
    refuses(
      'RandomGrayscale',
      { dataFormat: 'channelsFirst' },
      'dataFormat must be "channelsLast", received "channelsFirst". cajal\'s pictures are [batch, height, width, channels]: move the channels to the last axis.',
    );
  });

  it('are shapes that have no colours', () => {
    refusesShape(
      'RandomHue',
      { factor: 1 },
      [2, 2, 1],
      'expected colour pictures [batch, height, width, 3], received [batch, 2, 2, 1].',
    );
    refusesShape(
      'RandomGrayscale',
      {},
      [2, 2, 4],
      'expected grey or colour pictures [batch, height, width, 1 or 3], received [batch, 2, 2, 4].',
    );
    refusesShape(
      'RandomErasing',
      { fillValue: [1, 2] },
      [2, 2, 3],
      'expected a fillValue for each of the 3 channels, received [1,2].',
    );
    refusesShape(
      'RandomRot90',
      {},
      [2, 3, 3],
      'expected square pictures [batch, size, size, channels], received [batch, 2, 3, 3]. Resize or crop them first, or use randomFlip.',
    );
    refusesShape('AutoContrast', {}, [2], 'expected pictures [batch, height, width, channels], received [batch, 2].');
  });
});
