/** Rules by which pictures stay bytes where ops sample them, so that four times fewer bytes are moved. */
import type { Node, Value } from '../ops/op.ts';
import type { AttributesFor } from '../ops/table.ts';
import type { Reader, Rule } from './simplify-rules.ts';

type SamplingOp = 'affineTransform' | 'displace';

/** Sampling reads bytes as they are, without a copy as floats, and what it only picks out of bytes for others that sample stays
 * bytes. */
export const samplesOfBytes: Rule = ({ graph, node, inputs: [x, ...others], readers }) => {
  if (!isSampling(node)) return undefined;
  const { attributes } = node;
  const source = bytesOf(x!);
  const isPicked = attributes.interpolation === 'nearest' && source.dtype === 'uint8' && fillsWithBytes(attributes);
  const output = node.outputs[0]!;
  const staysBytes = isPicked && readers(output).every((reader) => isSampling(reader) && reader.inputs[0] === output);
  const outputType = staysBytes ? 'uint8' : attributes.outputType;
  if (source === x && outputType === attributes.outputType) return undefined;
  return graph.scope(node.scope, () =>
    graph.apply(node.op, [source, ...others], { ...attributes, outputType } as never),
  );
};

/** What is sampled to become bytes is stored as bytes at once. */
export const samplesAsBytes: Rule = ({ graph, node, inputs: [x], readers }) => {
  if (node.op !== 'toBytes' || !isSampling(x!.node) || readers(node.inputs[0]!).length !== 1) return undefined;
  const { op, inputs, scope, attributes } = x!.node;
  return graph.scope(scope, () => graph.apply(op, inputs, { ...attributes, outputType: 'uint8' } as never));
};

function isSampling(node: Reader): node is Node<SamplingOp> {
  return node !== 'caller' && (node.op === 'affineTransform' || node.op === 'displace');
}

/** The bytes that a value repeats as floats, or the value. */
function bytesOf(value: Value): Value {
  if (value.node.op !== 'rescale') return value;
  const { scale, offset } = (value.node as Node<'rescale'>).attributes;
  const [source] = value.node.inputs;
  return scale === 1 && offset === 0 && source!.dtype === 'uint8' ? source! : value;
}

/** True where nothing but bytes can stand for what lies outside: a place that is no number gives the fill value in any mode. */
function fillsWithBytes({ fillValue }: AttributesFor<SamplingOp>): boolean {
  return Number.isInteger(fillValue) && fillValue >= 0 && fillValue <= 255;
}
