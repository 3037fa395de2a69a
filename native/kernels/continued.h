// The pixel that stands for one outside a picture, by the fill modes of src/ops/sampling.ts.
#ifndef CAJAL_KERNELS_CONTINUED_H
#define CAJAL_KERNELS_CONTINUED_H

#include "../simd/vec.h"

namespace cajal::CAJAL_ISA {

enum FillMode : int32_t { kFillConstant, kFillNearest, kFillReflect, kFillWrap, kFillMirror };

CAJAL_INLINE int32_t modulo(int32_t index, int32_t period) {
  const int32_t rest = index % period;
  return rest < 0 ? rest + period : rest;
}

// The pixel that stands for one outside; -1 where the fill value does.
CAJAL_INLINE int32_t continued(int32_t index, int32_t size, int32_t mode) {
  if (index >= 0 && index < size) return index;
  switch (mode) {
    case kFillNearest: return index < 0 ? 0 : size - 1;
    case kFillWrap: return modulo(index, size);
    case kFillReflect: {
      const int32_t near = index < 0 ? -1 - index : 2 * size - 1 - index;
      if (near >= 0 && near < size) return near;
      const int32_t place = modulo(index, 2 * size);
      return place < size ? place : 2 * size - 1 - place;
    }
    case kFillMirror: {
      const int32_t period = size > 1 ? 2 * (size - 1) : 1;
      const int32_t place = modulo(index, period);
      return place < size ? place : period - place;
    }
    default: return -1;
  }
}

}  // namespace cajal::CAJAL_ISA

#endif
