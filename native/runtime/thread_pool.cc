// Tiles are claimed one at a time from an atomic counter, so a thread that lost its core holds up one tile, not a share.
// Threads that find nothing to do spin for a while, as long as the gap between two kernels of a step or two predictions of
// a loop, and then sleep. Fewer than 2^32 tiles per job.
#include "thread_pool.h"

#include "wait.h"

namespace cajal {

void ThreadPool::open(int thread_count) {
  run = run_tiles;
  threads = thread_count;
  ticket_ = 0;
  done_ = is_owner_asleep_ = bell_ = sleepers_ = is_closing_ = tiles_ = 0;
  for (Counter& counter : counters_) counter.tiles = 0;
}

void ThreadPool::run_tiles(Parallel* self, int64_t tiles, Body body, void* context) {
  auto* pool = static_cast<ThreadPool*>(self);
  if (tiles <= 1 || pool->threads == 1) {
    for (int64_t tile = 0; tile < tiles; tile++) body(context, tile, 0);
    __atomic_fetch_add(&pool->counters_[0].tiles, tiles, __ATOMIC_RELAXED);
    return;
  }
  const auto count = static_cast<uint32_t>(tiles);
  // Only this thread starts jobs, and no tile of the last one is unfinished: nobody reads these fields now.
  pool->body_ = body;
  pool->context_ = context;
  pool->tiles_ = count;
  __atomic_store_n(&pool->done_, 0, __ATOMIC_RELAXED);
  const uint64_t job = (__atomic_load_n(&pool->ticket_, __ATOMIC_RELAXED) >> 32) + 1;
  __atomic_store_n(&pool->ticket_, job << 32 | count, __ATOMIC_SEQ_CST);
  __atomic_fetch_add(&pool->bell_, 1, __ATOMIC_SEQ_CST);
  if (__atomic_load_n(&pool->sleepers_, __ATOMIC_SEQ_CST) != 0) wake_all(&pool->bell_);
  pool->work(0);
  pool->wait_until_done(count);
}

// Runs tiles until none is left to claim.
void ThreadPool::work(int worker) {
  uint64_t ticket = __atomic_load_n(&ticket_, __ATOMIC_ACQUIRE);
  while (static_cast<uint32_t>(ticket) != 0) {
    if (!__atomic_compare_exchange_n(&ticket_, &ticket, ticket - 1, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) continue;
    // A tile is claimed, so this job cannot end and its fields cannot change before it is done.
    const uint32_t total = tiles_;
    body_(context_, total - static_cast<uint32_t>(ticket), worker);
    __atomic_fetch_add(&counters_[worker].tiles, 1, __ATOMIC_RELAXED);
    const uint32_t done = __atomic_add_fetch(&done_, 1, __ATOMIC_SEQ_CST);
    if (done == total && __atomic_load_n(&is_owner_asleep_, __ATOMIC_SEQ_CST) != 0) wake_all(&done_);
    ticket = __atomic_load_n(&ticket_, __ATOMIC_ACQUIRE);
  }
}

void ThreadPool::wait_until_done(uint32_t tiles) {
  for (int spin = 0; spin < kSpins; spin++) {
    if (__atomic_load_n(&done_, __ATOMIC_ACQUIRE) == tiles) return;
    pause_briefly();
  }
  __atomic_store_n(&is_owner_asleep_, 1, __ATOMIC_SEQ_CST);
  for (uint32_t done; (done = __atomic_load_n(&done_, __ATOMIC_SEQ_CST)) != tiles;) wait_for_change(&done_, done);
  __atomic_store_n(&is_owner_asleep_, 0, __ATOMIC_RELAXED);
}

void ThreadPool::help(int worker) {
  while (__atomic_load_n(&is_closing_, __ATOMIC_SEQ_CST) == 0) {
    work(worker);
    for (int spin = 0; spin < kPatience * kSpins && !has_work(); spin++) {
      pause_briefly();
      if (spin % kSpins == kSpins - 1) let_others_run();
    }
    if (has_work()) continue;
    const uint32_t bell = __atomic_load_n(&bell_, __ATOMIC_SEQ_CST);
    __atomic_fetch_add(&sleepers_, 1, __ATOMIC_SEQ_CST);
    if (!has_work() && __atomic_load_n(&is_closing_, __ATOMIC_SEQ_CST) == 0) wait_for_change(&bell_, bell);
    __atomic_fetch_sub(&sleepers_, 1, __ATOMIC_SEQ_CST);
  }
}

void ThreadPool::close() {
  __atomic_store_n(&is_closing_, 1, __ATOMIC_SEQ_CST);
  __atomic_fetch_add(&bell_, 1, __ATOMIC_SEQ_CST);
  wake_all(&bell_);
}

}  // namespace cajal
