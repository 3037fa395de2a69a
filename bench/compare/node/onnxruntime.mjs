/** onnxruntime-node on its CPU provider, with a file that export_onnx.py has written. */
import { examples, file, inputs, load, network, threads, versionOf } from './protocol.mjs';
import { serve } from './serve.mjs';

const { InferenceSession, Tensor } = await load('onnxruntime-node');
const options = { intraOpNumThreads: threads, interOpNumThreads: 1, executionProviders: ['cpu'] };
const session = await InferenceSession.create(file, options);
const [height, width, channels] = network.input;
const numbers = inputs();
const ordered = new Float32Array(numbers.length);
for (let place = 0; place < numbers.length; place++) {
  const pixel = Math.floor(place / channels) % (height * width);
  const picture = Math.floor(place / (channels * height * width));
  ordered[(picture * channels + (place % channels)) * height * width + pixel] = numbers[place] ?? 0;
}
const x = new Tensor('float32', ordered, [examples, channels, height, width]);
await serve({ engine: `onnxruntime-node ${versionOf('onnxruntime-node')}` }, async () => {
  const { predictions } = await session.run({ inputs: x });
  if (!predictions.data) throw new Error('onnxruntime-node: no predictions.');
});
