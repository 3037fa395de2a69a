// How threads wait for a word of memory to change: the only part of the thread pool that knows the platform.
#ifndef CAJAL_WAIT_H
#define CAJAL_WAIT_H

#include <stdint.h>

namespace cajal {

// Sleeps while *word is `value`; may also return without cause.
void wait_for_change(uint32_t* word, uint32_t value);

// Wakes all who sleep on the word.
void wake_all(uint32_t* word);

// Tells the core that this thread spins.
inline void pause_briefly() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("isb");
#endif
}

// Gives the core to another thread that waits for it; only the browser's engine can do that for WebAssembly.
void let_others_run();

// How often a thread looks again before it sleeps: some tens of microseconds.
// `kPatience` is how often a helper does so before it sleeps, letting others run in between: in all for a millisecond or so,
// longer than the gap between the predictions of a loop. A thread that sleeps may be woken on the core of the one that woke
// it, and then wait there for all of a short program.
#if defined(__wasm__)
constexpr int kSpins = 20000, kPatience = 4;
#else
constexpr int kSpins = 1500, kPatience = 64;
#endif

}  // namespace cajal

#endif
