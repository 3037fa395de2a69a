// Many jobs of few tiles, with pauses in which helpers fall asleep: every tile must run once, and nothing may hang.
// Arguments: threads, jobs. Prints how many tiles each thread ran.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include "../../native/runtime/thread_pool.h"

namespace {

constexpr int kCells = 40;
long cells[kCells];
cajal::ThreadPool pool;

void add(void* context, int64_t tile, int) { cells[tile] += *static_cast<long*>(context); }

}  // namespace

int main(int, char** arguments) {
  const int threads = std::atoi(arguments[1]);
  const long jobs = std::atol(arguments[2]);
  pool.open(threads);
  std::vector<std::thread> helpers;
  for (int worker = 1; worker < threads; worker++) helpers.emplace_back([worker] { pool.help(worker); });
  long expected[kCells] = {};
  uint32_t state = 1;
  for (long job = 0; job < jobs; job++) {
    state = state * 1664525u + 1013904223u;
    const int tiles = 1 + static_cast<int>((state >> 16) % kCells);
    long amount = job % 7;
    pool.run(&pool, tiles, add, &amount);
    for (int tile = 0; tile < tiles; tile++) expected[tile] += amount;
    if ((state >> 8) % 500 == 0) std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  pool.close();
  for (std::thread& helper : helpers) helper.join();
  for (int tile = 0; tile < kCells; tile++) {
    if (cells[tile] == expected[tile]) continue;
    std::printf("tile %d: expected %ld, received %ld\n", tile, expected[tile], cells[tile]);
    return 1;
  }
  for (int worker = 0; worker < threads; worker++) std::printf("%llu ", (unsigned long long)pool.tiles_run(worker));
}
