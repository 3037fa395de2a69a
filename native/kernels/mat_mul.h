// What the kernels of matrix products must agree on, so that they give the same bits.
#ifndef CAJAL_KERNELS_MAT_MUL_H
#define CAJAL_KERNELS_MAT_MUL_H

#include "parallel_for.h"

namespace cajal::CAJAL_ISA {

// Long sums over k are cut into so many chunks of nearly equal lengths, whose results are added in order.
constexpr int64_t product_chunks(int64_t k, int64_t n) { return n <= 512 ? larger(1, smaller(16, k / 1024)) : 1; }

}  // namespace cajal::CAJAL_ISA

#endif
