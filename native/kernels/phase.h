// The taps of a kernel that one axis of a convolution's input gradient meets. Pixels of x whose coordinates leave the same
// rest when divided by the stride meet the same taps: such a phase is a correlation of dy, with stride 1.
#ifndef CAJAL_KERNELS_PHASE_H
#define CAJAL_KERNELS_PHASE_H

#include "../simd/vec.h"

namespace cajal::CAJAL_ISA {

// Places in dy ascend, so tap number i is `first + i · tap_step`, of which the step is below 0 here, and reads
// `place + i · place_step`.
struct Phase {
  int64_t count;
  int64_t first;
  int64_t tap_step;
  int64_t place;
  int64_t place_step;
};

CAJAL_INLINE Phase find_phase(int64_t rest, int64_t stride, int64_t padding, int64_t dilation, int64_t taps) {
  Phase phase = {0, 0, -1, 0, 1};
  for (int64_t tap = taps - 1; tap >= 0; tap--) {
    const int64_t distance = rest + padding - tap * dilation;
    if (distance % stride != 0) continue;
    if (phase.count == 0) {
      phase.first = tap;
      phase.place = distance / stride;
    } else if (phase.count == 1) {
      phase.tap_step = tap - phase.first;
      phase.place_step = distance / stride - phase.place;
    }
    phase.count++;
  }
  return phase;
}

// The taps of a phase that fall on places 0 … size - 1 when place 0 of the phase is moved to `origin`.
CAJAL_INLINE Phase taps_inside(Phase phase, int64_t origin, int64_t size) {
  phase.place += origin;
  while (phase.count > 0 && phase.place < 0) {
    phase.place += phase.place_step;
    phase.first += phase.tap_step;
    phase.count--;
  }
  while (phase.count > 0 && phase.place + (phase.count - 1) * phase.place_step >= size) phase.count--;
  return phase;
}

}  // namespace cajal::CAJAL_ISA

#endif
