// Sums that were made in pieces, each in memory of its own.
#ifndef CAJAL_KERNELS_PARTIAL_SUMS_H
#define CAJAL_KERNELS_PARTIAL_SUMS_H

#include "parallel_for.h"

namespace cajal::CAJAL_ISA {

// The sum of the chunks' partial sums [chunks, floats], chunk after chunk for each element.
CAJAL_INLINE void add_partials(const float* partials, int64_t chunks, int64_t floats, float* to, Parallel* parallel) {
  constexpr int64_t kPiece = 2048;
  parallel_for(parallel, ceil_divide(floats, kPiece), [&](int64_t tile, int) {
    const int64_t end = smaller(floats, (tile + 1) * kPiece);
    for (int64_t i = tile * kPiece; i < end; i += kLanes) {
      const int count = static_cast<int>(smaller(kLanes, end - i));
      vf sum = load_partial(partials + i, count);
      for (int64_t chunk = 1; chunk < chunks; chunk++) sum += load_partial(partials + chunk * floats + i, count);
      store_partial(to + i, sum, count);
    }
  });
}

}  // namespace cajal::CAJAL_ISA

#endif
