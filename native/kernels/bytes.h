// Numbers as bytes; src/ops/to-bytes.ts has the rule.
#ifndef CAJAL_KERNELS_BYTES_H
#define CAJAL_KERNELS_BYTES_H

#include "../simd/four.h"

namespace cajal::CAJAL_ISA {

// Adding 2^23 rounds to a whole number, halves to even, which then lies in the low bits. NaN is the first operand.
CAJAL_INLINE vi byte_of(vf v) {
  const vf held = minimum(maximum(v, zero()), broadcast(255.0f));
  return bits(held + 8388608.0f) & 0xff;
}

// The same for one number.
CAJAL_INLINE uint8_t byte_of(float value) {
  const float positive = value > 0 ? value : 0.0f, held = positive < 255.0f ? positive : 255.0f;
  return static_cast<uint8_t>(__builtin_bit_cast(int32_t, held + 8388608.0f));
}

// The same for four, to memory.
CAJAL_INLINE void store_four(uint8_t* to, Four v) {
  const Four none = four(0), most = four(255.0f);
  const Four positive = v > none ? v : none, held = positive < most ? positive : most;
  const auto words = reinterpret_cast<lanes::FourInts>(held + 8388608.0f) & 0xff;
  *reinterpret_cast<lanes::UnalignedWord*>(to) = word_of_four(words);
}

}  // namespace cajal::CAJAL_ISA

#endif
