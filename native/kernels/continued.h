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

// index − period · ⌊index / period⌋ of each, for |index| up to 2^22 + 1: the quotient is off by one at most.
CAJAL_INLINE vi modulo(vi index, int32_t period) {
  const vi quotient = truncate(round_down(to_float(index) * (1.0f / static_cast<float>(period))));
  vi rest = index - quotient * period;
  rest += (rest < 0) & period;
  return rest - ((rest >= period) & period);
}

// The same for indices of a vector, |index| up to 2^22 + 1.
CAJAL_INLINE vi continued(vi index, int32_t size, int32_t mode) {
  const vi is_inside = (index >= 0) & (index < size);
  switch (mode) {
    case kFillNearest: return select(index < 0, index & 0, select(is_inside, index, broadcast(size - 1)));
    case kFillWrap: return modulo(index, size);
    case kFillReflect: {
      const vi place = modulo(index, 2 * size);
      return select(place < size, place, 2 * size - 1 - place);
    }
    case kFillMirror: {
      const int32_t period = size > 1 ? 2 * (size - 1) : 1;
      const vi place = modulo(index, period);
      return select(place < size, place, period - place);
    }
    default: return select(is_inside, index, broadcast(-1));
  }
}

}  // namespace cajal::CAJAL_ISA

#endif
