// Fused elementwise code made ready to run on any stretch of its loop: by an instruction of its own, or by a kernel that
// has just computed a block of what the code reads.
#ifndef CAJAL_KERNELS_ELEMENTWISE_H
#define CAJAL_KERNELS_ELEMENTWISE_H

#include "../runtime/kernel.h"

namespace cajal::CAJAL_ISA {

struct ElementwiseLoader;

// What registers stand for: inputs, outputs, temporaries, constants.
struct ElementwiseCode {
  int inputs, outputs, temporaries, constants, steps;
  const int32_t* constant_words;
  const int32_t* step_words;
  int registers() const { return inputs + outputs + temporaries + constants; }
};

// What all workers share while code runs.
struct ElementwiseLoop {
  ElementwiseCode code;
  int given;  // 1 where input register 0 is what the caller computes, and `inputs` begins with the register after it
  const Tensor* inputs;
  const Tensor* outputs;
  int64_t elements;
  const ElementwiseLoader* loaders;  // one for each of `inputs`
  const float* constants;
  uint8_t* workers;  // a block per worker: register pointers, then a tile of floats per register and for random numbers
  size_t worker_bytes;
};

// Code whose words are the attributes of `invocation`; it keeps what it prepares in the scratch.
size_t elementwise_loop_scratch(const Invocation& invocation, int given);
ElementwiseLoop make_elementwise_loop(const Invocation& invocation, int given);

// Elements first … last - 1. `computed` is the given input from element `first` on, readable in whole vectors.
void run_elementwise(const ElementwiseLoop& loop, int64_t first, int64_t last, const float* computed, int worker);

// The full-shape inputs that lie in memory, at most `most` of them; returns how many.
int elementwise_streams(const ElementwiseLoop& loop, int most, const float** streams);

}  // namespace cajal::CAJAL_ISA

#endif
