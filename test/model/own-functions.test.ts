/** Protects what users are told whose own layers, losses, optimizers and other functions return something wrong, or nothing: a
 * forgotten `return` must not train a wrong model in silence. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  CajalError,
  defineLayer,
  defineOptimizer,
  type LayerDefinition,
  layers,
  type Model,
  type OptimizerDefinition,
  sequential,
  tensor,
  valueAndGradients,
} from '../../src/index.ts';
import { sum } from '../../src/ops/index.ts';

const x = tensor(new Float32Array(8).fill(1), [2, 4]);
const y = tensor(new Float32Array(6), [2, 3]);

type Parts = Partial<Record<keyof LayerDefinition<object, object>, unknown>>;

function fitted(dense: object, own?: Parts, optimizer: object | string = 'sgd'): () => Promise<unknown> {
  return async () => {
    const definition = { className: 'Own', options: [], configure: () => ({}), ...own };
    const row = own ? [defineLayer(definition as unknown as LayerDefinition<object, object>)()] : [];
    const model = sequential([layers.input({ shape: [4] }), ...row, layers.dense({ units: 3, ...dense })]);
    model.compile({ optimizer: optimizer as never, loss: 'meanSquaredError' });
    await model.fit(x, y);
  };
}

const layerThatGives = (result: unknown) => fitted({}, { call: () => result });

const layerWithWeight = (name: string, spec: unknown) =>
  fitted({}, { weights: () => ({ [name]: spec }), call: ({ inputs: [first] }: { inputs: unknown[] }) => first });

function optimizerWith(parts: Partial<Record<keyof OptimizerDefinition<never>, unknown>>): () => Promise<unknown> {
  const make = () =>
    defineOptimizer('own', { defaults: { learningRate: 0.1 }, slots: () => ({}), ...parts } as never)();
  return async () => fitted({}, undefined, make())();
}

async function refuses(action: () => unknown, message: RegExp): Promise<void> {
  await assert.rejects(
    async () => action(),
    (error: unknown) => {
      assert.ok(error instanceof CajalError, `expected an error of cajal for ${message}, received ${error}`);
      assert.match(error.message, message);
      return true;
    },
  );
}

it('says what a layer must give', async () => {
  const value = (received: string) => new RegExp(`^Own "own": expected a value that ops give, received ${received}`);
  await refuses(layerThatGives(undefined), value('nothing\\. Return what a function of cajal/ops gives'));
  await refuses(layerThatGives(3), value('3'));
  const whole = fitted({}, { call: ({ inputs: [first] }: { inputs: [never] }) => sum(first) });
  await refuses(
    whole,
    /expected an output for each example, a value of shape \[batch, …\], received \[\]\. Sum or average/,
  );
  await refuses(
    fitted({ activation: () => undefined }),
    /^Dense "dense": expected a value that ops give, received nothing/,
  );
});

it('says what the weights of a layer must be', async () => {
  const weight = { shape: [4], initializer: 'zeros', trainable: true };
  await refuses(layerWithWeight('w', 3), /^Own "own": weight "w": expected options by name, in an object, received 3/);
  await refuses(layerWithWeight('a/b', weight), /weight "a\/b": expected letters and digits in its name\. Rename it/);
  await refuses(
    layerWithWeight('w', { ...weight, shape: 4 }),
    /weight "w": expected a shape as a list of sizes, as \[3, 4\]/,
  );
  await refuses(layerWithWeight('w', { ...weight, shape: [-2] }), /each size of its shape must be a whole number/);
  await refuses(
    layerWithWeight('w', { ...weight, initializer: 'zerros' }),
    /unknown initializer "zerros"\. Did you mean/,
  );
  await refuses(
    layerWithWeight('w', { ...weight, trainable: 1 }),
    /weight "w": trainable must be true or false, received 1/,
  );
});

it('says what a layer may assign and add to the loss', async () => {
  const call = (use: (context: { addLoss(loss: unknown): void; assign(name: string, value: unknown): void }) => void) =>
    fitted(
      {},
      {
        call: (context: never) => {
          use(context);
          return (context as { inputs: unknown[] }).inputs[0];
        },
      },
    );
  await refuses(
    call(({ assign }) => assign('mean', 0)),
    /^own: assign: unknown weight "mean"/,
  );
  await refuses(
    call(({ addLoss }) => addLoss(undefined)),
    /^own: addLoss: expected one number, received nothing\. Sum over/,
  );
});

it('says what initializers, regularizers and constraints must give', async () => {
  const nothing = () => undefined;
  await refuses(
    fitted({ kernelInitializer: nothing }),
    /^dense\/kernel: expected of its initializer a number, or a function/,
  );
  await refuses(
    fitted({ kernelRegularizer: nothing }),
    /^dense\/kernel: regularizer: expected one number, received nothing/,
  );
  await refuses(
    fitted({ kernelRegularizer: (w: never) => w }),
    /expected one number, received a value of shape \[4, 3\]/,
  );
  await refuses(fitted({ kernelConstraint: nothing }), /^dense\/kernel: constraint: expected a value that ops give/);
  await refuses(
    fitted({ activityRegularizer: nothing }),
    /^activityRegularizer: expected one number, received nothing/,
  );
});

it('says what an optimizer must give', async () => {
  const keep = ({ weight }: { weight: unknown }) => ({ weight });
  await refuses(optimizerWith({ update: () => undefined }), /^own: update: weight: expected a value that ops give/);
  await refuses(optimizerWith({ slots: () => ({ m: 0 }), update: keep }), /^own: update: slot "m": expected a value/);
  await refuses(
    optimizerWith({ update: undefined }),
    /^defineOptimizer: expected a name and a definition with defaults, slots/,
  );
});

it('says what a loss of a loop of one’s own must give', async () => {
  const model: Model = sequential([layers.input({ shape: [4] }), layers.dense({ units: 3 })]);
  const step = valueAndGradients(model, (() => undefined) as never);
  await refuses(() => step(x, y), /^valueAndGradients: loss: expected a value that ops give, received nothing/);
});

it('refuses to compile a model that is training, and predictions that no memory holds', async () => {
  const model = sequential([layers.input({ shape: [4] }), layers.dense({ units: 3 })]);
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const training = model.fit(x, y, { epochs: 3 });
  await refuses(
    () => model.compile({ loss: 'meanSquaredError' }),
    /^compile: expected sequential to be free, received one that/,
  );
  await training;
  const wide = sequential([
    layers.input({ shape: [1] }),
    layers.reshape({ targetShape: [1, 1, 1] }),
    layers.upSampling2d({ size: 60000 }),
  ]);
  await refuses(
    () => wide.predict(tensor(new Float32Array(8), [8, 1])),
    /^predict: expected predictions that memory can hold, received \[8, 60000, 60000, 1\]\. Predict fewer/,
  );
});
