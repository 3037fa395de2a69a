// Futexes on Linux, their counterpart in WebAssembly, and a condition variable elsewhere.
#include "wait.h"

#if defined(__wasm__)
namespace cajal {
#if defined(__wasm_atomics__)
void wait_for_change(uint32_t* word, uint32_t value) {
  __builtin_wasm_memory_atomic_wait32(reinterpret_cast<int32_t*>(word), static_cast<int32_t>(value), -1);
}
void wake_all(uint32_t* word) { __builtin_wasm_memory_atomic_notify(reinterpret_cast<int32_t*>(word), 0x7fffffff); }
#else
void wait_for_change(uint32_t*, uint32_t) {}
void wake_all(uint32_t*) {}
#endif
void let_others_run() {}
}  // namespace cajal
#elif defined(__linux__)
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>
namespace cajal {
void wait_for_change(uint32_t* word, uint32_t value) {
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, nullptr, nullptr, 0);
}
void let_others_run() { sched_yield(); }
void wake_all(uint32_t* word) { syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 0x7fffffff, nullptr, nullptr, 0); }
}  // namespace cajal
#else
#include <condition_variable>
#include <mutex>
#include <thread>
namespace cajal {
namespace {
std::mutex mutex;
std::condition_variable changed;
}  // namespace
void wait_for_change(uint32_t* word, uint32_t value) {
  std::unique_lock<std::mutex> lock(mutex);
  if (__atomic_load_n(word, __ATOMIC_SEQ_CST) == value) changed.wait(lock);
}
void wake_all(uint32_t*) {
  std::lock_guard<std::mutex> lock(mutex);
  changed.notify_all();
}
void let_others_run() { std::this_thread::yield(); }
}  // namespace cajal
#endif
