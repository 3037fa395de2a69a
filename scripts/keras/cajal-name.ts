/** Asks cajal itself whether it has a name, and whether that takes an option. */
import * as files from '../../src/data/node/index.ts';
import * as anywhere from '../../src/index.ts';

/** What `cajal` and `cajal/data/node` export. */
const cajal = { ...files, ...anywhere };

type Options = Readonly<Record<string, unknown>>;

const inputs = cajal.tensor([0, 0], [1, 2]);
const targets = cajal.tensor([0], [1, 1]);

const pictures = cajal.tensor([0, 0], [2, 1, 1, 1]);
const generator = cajal.imageDataGenerator();

function smallModel(): anywhere.Model {
  const { input, dense } = cajal.layers;
  return cajal.sequential([input({ shape: [2] }), dense({ units: 1 })], { backend: 'reference' });
}

/** Methods that check their options before they do anything. */
const methods: Readonly<Record<string, (options: Options) => unknown>> = {
  'Model.compile': (options) => smallModel().compile(options as never),
  'Model.fit': (options) => smallModel().fit(inputs, targets, options),
  'Model.evaluate': (options) => smallModel().evaluate(inputs, targets, options),
  'Model.predict': (options) => smallModel().predict(inputs, options),
  'Model.summary': (options) => smallModel().summary(options),
  'ImageDataGenerator.flow': (options) => generator.flow(pictures, null, options),
  'ImageDataGenerator.flowFromDirectory': (options) => generator.flowFromDirectory('none', options),
  'ImageDataGenerator.fit': (options) => generator.fit(pictures, options),
};

/** What has the properties of a name's first word, where that is a class. */
const instances: Readonly<Record<string, object>> = {
  Model: cajal.Model.prototype,
  Layer: cajal.layers.flatten(),
  ImageDataGenerator: generator,
};

function member(of: unknown, name: string): unknown {
  if ((typeof of !== 'object' && typeof of !== 'function') || of === null) return undefined;
  return name in of ? (of as Record<string, unknown>)[name] : undefined;
}

function callsOf(name: string): readonly ((options: Options) => unknown)[] {
  const [first = '', second] = name.split('.');
  if (first in instances && second !== undefined) return methods[name] ? [methods[name]] : [];
  if (name === 'plotModel') return [(options) => cajal.plotModel(smallModel(), options)];
  const found = second === undefined ? member(cajal, first) : member(member(cajal, first), second);
  if (typeof found !== 'function') return [];
  return [(options) => found(options), (options) => found('none', options)];
}

/**
 * Whether cajal, or its part for files, has a name, as `layers.conv2d`, `Model.fit` or `optimizers.adam({ clipnorm })`.
 */
export async function hasName(name: string): Promise<boolean> {
  const [, head, option] = /^(.+?)\(\{ (\w+)(?:: .*)? \}\)$/.exec(name) ?? [];
  if (head !== undefined && option !== undefined) return (await hasName(head)) && (await takesOption(head, option));
  const [first = '', second] = name.split('.');
  if (second === undefined) return member(cajal, first) !== undefined;
  const instance = instances[first];
  return (instance !== undefined && second in instance) || member(member(cajal, first), second) !== undefined;
}

/** Whether it can be told which options a name takes. */
export function hasOptions(name: string): boolean {
  return callsOf(name).length > 0;
}

/** Whether a function takes an option: an unknown one is refused by its name. */
export async function takesOption(name: string, option: string): Promise<boolean> {
  for (const call of callsOf(name)) {
    try {
      await call({ [option]: undefined });
    } catch (error) {
      if (String(error).includes(`unknown option "${option}"`)) return false;
    }
  }
  return true;
}

/** What layers must be given. */
const needed: Options = {
  activation: 'relu',
  dims: [1],
  factor: 1,
  filters: 1,
  height: 1,
  heightFactor: 0.5,
  kernelSize: 1,
  poolSize: 2,
  rate: 0.5,
  scale: 1,
  stddev: 1,
  targetShape: [1],
  units: 1,
  width: 1,
  widthFactor: 0.5,
};

/**
 * The configuration of a layer or an optimizer that is given nothing but what it needs, of what Keras has no default for
 * either; of anything else nothing.
 */
export function defaultsOf(name: string, withoutDefault: readonly string[]): Options {
  const [table = '', own = ''] = name.split('.');
  const isKept = (table === 'layers' || table === 'optimizers') && name !== 'layers.input';
  const make = isKept ? member(member(cajal, table), own) : undefined;
  if (typeof make !== 'function') return {};
  const given = Object.entries(needed).filter(([option]) => withoutDefault.includes(option));
  return make(Object.fromEntries(given)).config;
}
