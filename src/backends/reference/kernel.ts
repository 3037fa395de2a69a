/** What a kernel of the reference backend is: a function over float64 numbers, with the attributes of its op's row. */
import type { ElementwiseName } from '../../ops/elementwise.ts';
import type { AttributesFor, OpName } from '../../ops/table.ts';

/** The memory of one operand in row-major order, and its sizes with the batch filled in. */
export interface View {
  readonly values: Float64Array;
  readonly shape: readonly number[];
}

/** Leaves and aliases compute nothing, so they never become instructions. */
type WithoutKernel = 'input' | 'variable' | 'scalar' | 'constant' | 'reshape' | 'stopGradient';

/** The ops that need a kernel of their own; elementwise ops share the interpreter in elementwise.ts. */
export type KernelName = Exclude<OpName, ElementwiseName | WithoutKernel>;

/** Computes the outputs of one instruction from its inputs. */
export type Kernel<Name extends OpName> = (
  inputs: readonly View[],
  outputs: readonly View[],
  attributes: AttributesFor<Name>,
) => void;
