// What is timed to learn the most that this instruction set can do on a machine: multiply-adds that never leave the
// registers, and streams through memory. No op uses these; runtime/peak.cc does.
#include "parallel_for.h"

namespace cajal {
namespace CAJAL_ISA {

const Gauges* gauges();

namespace {

// Chains that do not wait for each other: enough to fill two pipes of latency 6, and with two factors in 16 registers.
constexpr int kChains = 12;
constexpr int64_t kStreamTile = 1 << 16;

CAJAL_NOINLINE void multiply_add_rounds(int64_t rounds, float factor, float summand, float* sink) {
  const vf a = broadcast(factor), b = broadcast(summand);
  vf chain[kChains];
  CAJAL_UNROLL
  for (int i = 0; i < kChains; i++) chain[i] = broadcast(static_cast<float>(i));
  for (int64_t round = 0; round < rounds; round++) {
    CAJAL_UNROLL
    for (int i = 0; i < kChains; i++) chain[i] = fma(chain[i], a, b);
  }
  vf sum = zero();
  CAJAL_UNROLL
  for (int i = 0; i < kChains; i++) sum = sum + chain[i];
  sink[0] = reduce_add(sum);
}

int64_t multiply_adds(Parallel* parallel, int64_t tiles, int64_t rounds, float* sinks) {
  parallel_for(parallel, tiles, [=](int64_t, int worker) {
    multiply_add_rounds(rounds, 0.99f, 0.25f, sinks + worker * kSinkFloats);
  });
  return 2 * kChains * kLanes;
}

CAJAL_NOINLINE float sum_of(const float* from, int64_t count) {
  vf sum[4] = {zero(), zero(), zero(), zero()};
  for (int64_t i = 0; i < count; i += 4 * kLanes) {
    CAJAL_UNROLL
    for (int j = 0; j < 4; j++) sum[j] = sum[j] + load(from + i + j * kLanes);
  }
  return reduce_add((sum[0] + sum[1]) + (sum[2] + sum[3]));
}

void read_stream(Parallel* parallel, const float* from, int64_t count, float* sinks) {
  parallel_for(parallel, count / kStreamTile, [=](int64_t tile, int worker) {
    sinks[worker * kSinkFloats] += sum_of(from + tile * kStreamTile, kStreamTile);
  });
}

// A product with each number, so that no compiler makes a call to memcpy of it.
void copy_stream(Parallel* parallel, const float* from, float* to, int64_t count) {
  parallel_for(parallel, count / kStreamTile, [=](int64_t tile, int) {
    const int64_t first = tile * kStreamTile;
    for (int64_t i = first; i < first + kStreamTile; i += kLanes) store(to + i, load(from + i) * 0.5f);
  });
}

void copy_stream_past_caches(Parallel* parallel, const float* from, float* to, int64_t count) {
  parallel_for(parallel, count / kStreamTile, [=](int64_t tile, int) {
    const int64_t first = tile * kStreamTile;
    for (int64_t i = first; i < first + kStreamTile; i += kLanes) store_streaming(to + i, load(from + i) * 0.5f);
    finish_streaming();
  });
}

constexpr Gauges kGauges = {multiply_adds, read_stream, {copy_stream, copy_stream_past_caches}};

}  // namespace

const Gauges* gauges() { return &kGauges; }

}  // namespace CAJAL_ISA
}  // namespace cajal
