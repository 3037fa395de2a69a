// Runs a lambda over tiles on all threads.
#ifndef CAJAL_KERNELS_PARALLEL_FOR_H
#define CAJAL_KERNELS_PARALLEL_FOR_H

#include "../runtime/kernel.h"
#include "../simd/vec.h"

namespace cajal::CAJAL_ISA {

// body(tile, worker) for tile = 0 … tiles - 1, in any order.
template <typename Body>
CAJAL_INLINE void parallel_for(Parallel* parallel, int64_t tiles, const Body& body) {
  if (tiles <= 0) return;
  const auto call = [](void* context, int64_t tile, int worker) {
    (*static_cast<const Body*>(context))(tile, worker);
  };
  parallel->run(parallel, tiles, call, const_cast<Body*>(&body));
}

// Gives out pieces of scratch, each aligned to 64 bytes. With a null start it only measures.
class ScratchCutter {
 public:
  explicit ScratchCutter(uint8_t* start) : start_(start) {}

  template <typename T>
  T* take(int64_t count) {
    T* piece = reinterpret_cast<T*>(reinterpret_cast<uintptr_t>(start_) + bytes_);
    bytes_ += (static_cast<size_t>(count) * sizeof(T) + 63) / 64 * 64;
    return piece;
  }

  size_t bytes() const { return bytes_; }

  // What is left.
  uint8_t* rest() const { return reinterpret_cast<uint8_t*>(reinterpret_cast<uintptr_t>(start_) + bytes_); }

 private:
  uint8_t* start_;
  size_t bytes_ = 0;
};

constexpr int64_t ceil_divide(int64_t a, int64_t b) { return (a + b - 1) / b; }
constexpr int64_t round_up(int64_t a, int64_t unit) { return (a + unit - 1) / unit * unit; }
constexpr int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }
constexpr int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }

}  // namespace cajal::CAJAL_ISA

#endif
