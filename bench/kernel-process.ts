/** Runs a kernel of test/cases as its caller asks by lines: `node --import tsx kernel-process.ts CASE THREADS BACKEND`. */
import type { BackendName } from '../src/backends/backend.ts';
import { chooseBackend } from '../src/engine/choose-backend.ts';
import { kernelCases } from './cases.ts';
import { serve } from './compare/node/serve.mjs';
import { openCase } from './open-case.ts';

const [name = '', threads = '1', backendName = ''] = process.argv.slice(2);
const testCase = kernelCases.find((candidate) => candidate.name === name);
if (!testCase) throw new RangeError(`no case of this name is marked bench: ${name}`);
const { backend } = await chooseBackend({ backend: backendName as BackendName, threads: Number(threads) });
const { run, cost } = openCase(backend, testCase, testCase.bench!.batch);
await serve({ engine: `${backend.name} ${backend.instructionSet}` }, run, () => cost);
