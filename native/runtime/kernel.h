// The seam between the runtime and the kernels. Kernels are compiled once per instruction set, include only <stdint.h>,
// <stddef.h>, this header, include/* and simd/*, allocate nothing, trust their inputs and use no libc.
#ifndef CAJAL_KERNEL_H
#define CAJAL_KERNEL_H

#include <stddef.h>
#include <stdint.h>

namespace cajal {

enum DType : int32_t { kFloat32 = 0, kUint8 = 1, kInt32 = 2 };

// An operand with the batch size filled in. Row-major, no gaps.
struct Tensor {
  uint8_t* data;
  int32_t dtype;
  int32_t rank;
  int64_t sizes[6];
};

// Runs body(context, tile, worker) for tile = 0 … tiles - 1 on all threads; tiles are claimed one by one, so which
// worker gets which is not fixed. How work is cut into tiles, and in which order partial sums are added, may depend on
// shapes only, never on `threads`: that is what makes results equal to the bit on any number of threads.
struct Parallel {
  void (*run)(Parallel* self, int64_t tiles, void (*body)(void* context, int64_t tile, int worker), void* context);
  int threads;  // only for sizing per-worker scratch
};

// One instruction to run.
struct Invocation {
  const Tensor* inputs;
  const Tensor* outputs;
  const int32_t* attributes;
  int input_count;
  int output_count;
  int attribute_count;
  uint8_t* scratch;  // at least the row's scratch bytes, aligned to 64; content undefined
  Parallel* parallel;
};

// A kernel and the bytes of scratch that it needs (asked with the same shapes; data pointers may be null).
struct KernelRow {
  int (*run)(const Invocation& invocation);  // returns a CajalStatus
  size_t (*scratch_bytes)(const Invocation& invocation);  // null: none
};

// Distance between the sinks of two workers: a cache line.
constexpr int64_t kSinkFloats = 16;

// What runtime/peak.cc times. A worker leaves something of what it computed in its sink, so that it is computed.
struct Gauges {
  // Multiply-adds in registers, `rounds` rounds for each tile; returns the operations of a round.
  int64_t (*multiply_adds)(Parallel* parallel, int64_t tiles, int64_t rounds, float* sinks);
  // Streams of `count` floats: read, and copied (through the caches, and past them). `count` is a multiple of 65,536.
  void (*read)(Parallel* parallel, const float* from, int64_t count, float* sinks);
  void (*copy[2])(Parallel* parallel, const float* from, float* to, int64_t count);
};

}  // namespace cajal

#endif
