// What the kernels of matrix products must agree on, so that they give the same bits.
#ifndef CAJAL_KERNELS_MAT_MUL_H
#define CAJAL_KERNELS_MAT_MUL_H

#include "parallel_for.h"

namespace cajal::CAJAL_ISA {

// Long sums over k are cut into so many chunks of nearly equal lengths, whose results are added in order. Wide products
// have work for many threads anyway, but chunks let a thread read b in long rows, and each number of a and b once.
constexpr int64_t product_chunks(int64_t k, int64_t n) {
  return larger(1, smaller(16, k / (n <= 512 ? 1024 : 4096)));
}

}  // namespace cajal::CAJAL_ISA

#endif
