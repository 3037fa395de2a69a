/** Protects the kernels of the family `product`: every backend and instruction set must agree with the float64 reference,
 * and one instruction must give the bits that a product and its reader give one after the other. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { instructionName } from '../../src/graph/program.ts';
import type { GraphCase } from '../cases/case.ts';
import { productCases } from '../cases/product.ts';
import { listTargets } from '../support/backends-under-test.ts';
import { programOf } from '../support/case-program.ts';
import { testParity } from '../support/parity.ts';
import { runCase } from '../support/run-case.ts';

await testParity('product');

const targets = await listTargets();
const namesOf = (graphCase: GraphCase) => programOf(graphCase).program.instructions.map(instructionName);

describe('a product with elementwise code', () => {
  for (const { backend, instructionSet, missing, open } of targets) {
    it(`gives the bits of two instructions on ${backend} ${instructionSet}`, { skip: missing ?? false }, async () => {
      const opened = await open(2);
      for (const testCase of productCases) {
        assert.deepEqual(namesOf(testCase), ['matMul+elementwise'], testCase.name);
        assert.deepEqual(namesOf(testCase.apart), ['matMul', 'elementwise'], testCase.name);
        const expected = (await runCase(opened, testCase.apart)).outputs;
        for (const [name, numbers] of Object.entries((await runCase(opened, testCase)).outputs)) {
          const [actual, apart] = [numbers, expected[name]!].map(({ buffer, byteOffset, byteLength }) =>
            Buffer.from(buffer, byteOffset, byteLength),
          );
          assert.ok(actual!.equals(apart!), `${testCase.name}: ${name}`);
        }
      }
      await opened.close();
    });
  }
});
