/** Readers of well-known data sets, each from files that a person has already. */
export { type Cifar10, cifar10 } from './cifar10.ts';
export { type Iris, iris } from './iris.ts';
export { mnist, type TrainAndTest } from './mnist.ts';
