// Each figure is the best of many short runs: whatever else the machine does can only make a run slower, and the shorter
// a run, the likelier it is that nothing disturbs all threads of one.
#include "peak.h"

namespace cajal {
namespace {

constexpr double kShortestRunMs = 2;
constexpr int kFewestRuns = 3;
constexpr double kComputeMs = 80;
constexpr double kStreamMs = 40;
// So many that a thread which comes late, or is interrupted, costs little.
constexpr int64_t kTilesPerThread = 64;

// The shortest of as many runs as fit into the budget.
template <typename Run>
double shortest_ms(double budget_ms, double (*now_ms)(), const Run& run) {
  const double first = now_ms();
  double shortest = 0, start = first;
  for (int runs = 0; runs < kFewestRuns || start - first < budget_ms; runs++) {
    run();
    const double end = now_ms();
    if (runs == 0 || end - start < shortest) shortest = end - start;
    start = end;
  }
  return shortest;
}

double compute_gflops(const Gauges& gauges, Parallel* parallel, float* sinks, double (*now_ms)()) {
  const int64_t tiles = kTilesPerThread * parallel->threads;
  int64_t rounds = 128, operations = 0;
  const auto run = [&] { operations = gauges.multiply_adds(parallel, tiles, rounds, sinks); };
  // Clocks of browsers are coarse; this also wakes the threads and gives engines of WebAssembly time to optimize.
  while (shortest_ms(0, now_ms, run) < kShortestRunMs) rounds *= 2;
  const double ms = shortest_ms(kComputeMs, now_ms, run);
  return static_cast<double>(operations * rounds * tiles) / ms / 1e6;
}

double stream_gb_per_second(const Gauges& gauges, Parallel* parallel, float* memory, float* sinks,
                            double (*now_ms)()) {
  constexpr int64_t kCount = kStreamBytes / sizeof(float);
  float* half = memory + kCount;
  // Pages exist once they are written.
  gauges.copy[0](parallel, memory, half, kCount);
  gauges.copy[0](parallel, half, memory, kCount);
  double ms = shortest_ms(kStreamMs, now_ms, [&] { gauges.read(parallel, memory, 2 * kCount, sinks); });
  for (const auto copy : gauges.copy) {
    const double copy_ms = shortest_ms(kStreamMs, now_ms, [&] { copy(parallel, memory, half, kCount); });
    if (copy_ms < ms) ms = copy_ms;
  }
  return 2.0 * kStreamBytes / ms / 1e6;
}

}  // namespace

Peak measure_peak(const Gauges& gauges, Parallel* parallel, uint8_t* memory, double (*now_ms)()) {
  auto* floats = reinterpret_cast<float*>(memory);
  float* sinks = floats + 2 * kStreamBytes / sizeof(float);
  const double gflops = compute_gflops(gauges, parallel, sinks, now_ms);
  return {gflops, stream_gb_per_second(gauges, parallel, floats, sinks, now_ms)};
}

}  // namespace cajal
