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

// How often a thread looks again before it sleeps: some tens of microseconds.
#if defined(__wasm__)
constexpr int kSpins = 20000;
#else
constexpr int kSpins = 1500;
#endif

}  // namespace cajal

#endif
