// Threads that share the tiles of one kernel after another. The owner calls `run` and works along; each helper sits in
// `help`. Who creates the threads is not the pool's business: std::thread in Node, workers in a browser.
#ifndef CAJAL_THREAD_POOL_H
#define CAJAL_THREAD_POOL_H

#include "kernel.h"

namespace cajal {

constexpr int kMaxThreads = 128;

// Runs the tiles on the thread that asks, one after another: for programs that are done before another thread woke up.
class OneThread : public Parallel {
 public:
  OneThread() : Parallel{run_in_order, 1} {}

 private:
  static void run_in_order(Parallel*, int64_t tiles, void (*body)(void* context, int64_t tile, int worker), void* context) {
    for (int64_t tile = 0; tile < tiles; tile++) body(context, tile, 0);
  }
};

class ThreadPool : public Parallel {
 public:
  // Prepares for `threads` workers: the owner, number 0, and helpers from 1. Before any other call.
  void open(int threads);

  // The life of helper number `worker`; returns after `close`.
  void help(int worker);

  // Makes the helpers return. No run may be in progress.
  void close();

  // How many tiles a worker has run so far.
  uint64_t tiles_run(int worker) const { return __atomic_load_n(&counters_[worker].tiles, __ATOMIC_RELAXED); }

 private:
  using Body = void (*)(void* context, int64_t tile, int worker);

  static void run_tiles(Parallel* self, int64_t tiles, Body body, void* context);
  void work(int worker);
  void wait_until_done(uint32_t tiles);
  bool has_work() const { return static_cast<uint32_t>(__atomic_load_n(&ticket_, __ATOMIC_SEQ_CST)) != 0; }

  // High half: the number of the job; low half: its tiles that nobody has claimed. In one word, so that a helper that
  // slept through a job cannot claim a tile of the next one with what it knew of the last.
  alignas(64) uint64_t ticket_;
  alignas(64) uint32_t done_;
  uint32_t is_owner_asleep_;
  alignas(64) uint32_t bell_;  // changes when there is work, or no more will come
  uint32_t sleepers_;
  uint32_t is_closing_;
  Body body_;
  void* context_;
  uint32_t tiles_;
  struct alignas(64) Counter {
    uint64_t tiles;
  };
  Counter counters_[kMaxThreads];
};

}  // namespace cajal

#endif
