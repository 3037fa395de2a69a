/** A process of its own that backends' tests start: it runs a step of some tenths of a second, and ends in the way that
 * its arguments say: `exit` in mid-step, `natural` after the step without closing anything. */
import { openNativeBackend } from '../../src/backends/native/index.ts';
import { openWasmBackend } from '../../src/backends/wasm/node/index.ts';
import { elementwiseProgram, prepare } from './programs.ts';

const [, , name, ending] = process.argv;
const backend = name === 'native' ? await openNativeBackend({ threads: 2 }) : await openWasmBackend({ threads: 2 });
const shape = [1 << 20];
const program = elementwiseProgram([{ op: 'tanh', target: 1, a: 0 }], [[shape]], [[shape]], { repeats: 300 });
const run = prepare(backend, program).run();
if (ending === 'exit') {
  setTimeout(() => {
    console.log('exits');
    process.exit(7);
  }, 20);
}
await run;
console.log('ran');
