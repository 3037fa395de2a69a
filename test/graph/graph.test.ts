// Protects: a graph holds one value per name, refuses what does not fit with a message that says what would, and a program
// of it can be lowered.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { batchAxis } from '../../src/core/shape.ts';
import { Graph } from '../../src/graph/graph.ts';
import { countFlops, lower } from '../../src/graph/lower.ts';
import { add, multiply } from '../../src/ops/elementwise.ts';
import { matrixProduct } from '../../src/ops/mat-mul.ts';
import { reshapeTo } from '../../src/ops/reshape.ts';

describe('Graph', () => {
  it('makes inputs, variables, scalars and constants once', () => {
    const graph = new Graph();
    assert.equal(graph.input('x', [batchAxis, 2]), graph.input('x', [batchAxis, 2]));
    assert.equal(graph.variable('w', [2]), graph.variable('w', [2]));
    assert.equal(graph.scalar('rate'), graph.scalar('rate'));
    assert.equal(graph.constant(3), graph.constant(3));
    assert.equal(graph.nodes.length, 4);
  });

  it('refuses a name with another shape or type', () => {
    const graph = new Graph();
    graph.input('x', [batchAxis, 2]);
    graph.variable('w', [2]);
    assert.throws(() => graph.input('x', [batchAxis, 3]), {
      name: 'OptionError',
      message: 'input "x": expected float32 [batch, 2] as before, received float32 [batch, 3]. Give it another name.',
    });
    assert.throws(
      () => graph.variable('w', [2], 'int32'),
      /variable "w": expected float32 \[2\] as before, received int32 \[2\]/,
    );
  });

  it('refuses assignments of another shape, of what is no variable, and a second one', () => {
    const graph = new Graph();
    const w = graph.variable('w', [2]);
    assert.throws(() => graph.assign(w, graph.constant(1)), {
      name: 'ShapeError',
      message: 'assign: expected a value of shape [2], received [].',
    });
    const x = graph.input('x', [2]);
    assert.throws(() => graph.assign(x, add(x, 1)), {
      message: 'assign: expected a variable that has no new value yet, received input.',
    });
    graph.assign(w, add(w, 1));
    assert.throws(() => graph.assign(w, add(w, 2)), /a variable that has no new value yet, received "w" again/);
  });

  it('names the scope in messages and nodes, and leaves it after an error', () => {
    const graph = new Graph();
    const x = graph.input('x', [batchAxis, 2]);
    const inner = graph.scope('block', () => graph.scope('dense', () => add(x, 1)));
    assert.equal(inner.node.scope, 'block/dense');
    assert.throws(
      () => graph.scope('dense_1', () => reshapeTo(x, [batchAxis, 3])),
      /^ShapeError: reshape in dense_1: expected a shape with as many elements as \[batch, 2\]/,
    );
    assert.equal(multiply(x, 2).node.scope, '');
  });

  it('counts floating-point operations of one example', () => {
    const graph = new Graph();
    const x = graph.input('x', [batchAxis, 10]);
    matrixProduct(x, graph.variable('w', [10, 4]));
    assert.equal(countFlops(graph), 2 * 10 * 4);
  });
});

describe('lower', () => {
  it('refuses a kernel that would read a bare constant of a graph that was not simplified', () => {
    const graph = new Graph();
    graph.output('y', graph.constant(2));
    assert.throws(() => lower(graph), {
      name: 'BackendError',
      message:
        'lower: expected a computed value, received a bare constant. Constants can be read by elementwise ops only.',
    });
  });
});
