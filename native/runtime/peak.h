// The most that this machine can do with an instruction set and a number of threads: what the times of instructions are
// compared with.
#ifndef CAJAL_PEAK_H
#define CAJAL_PEAK_H

#include "kernel.h"
#include "thread_pool.h"

namespace cajal {

// Two streams of 64 MiB, beyond the last cache of common machines, and a cache line per worker.
constexpr int64_t kStreamBytes = int64_t{64} << 20;
constexpr int64_t kPeakBytes = 2 * kStreamBytes + kMaxThreads * kSinkFloats * static_cast<int64_t>(sizeof(float));

struct Peak {
  double gflops;         // float32 multiply-adds in registers, each two operations
  double gb_per_second;  // bytes read and written, the better of reading and copying
};

// Takes about a quarter of a second. `memory` has kPeakBytes, aligned to 64; its content is lost.
Peak measure_peak(const Gauges& gauges, Parallel* parallel, uint8_t* memory, double (*now_ms)());

}  // namespace cajal

#endif
