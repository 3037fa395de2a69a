// Resizing of pictures and its gradient; src/ops/resize2d.ts has the formula. Weights are computed in double, so that they are
// the same with every instruction set.
#include "../include/cajal.h"
#include "../include/ops.h"
#include "taps.h"

namespace cajal::CAJAL_ISA {

int resize2d(const Invocation& invocation);
size_t resize2d_scratch(const Invocation& invocation);
int resize2d_gradient(const Invocation& invocation);
size_t resize2d_gradient_scratch(const Invocation& invocation);

namespace {

enum Interpolation { kNearest, kBilinear, kBicubic };

struct Axis {
  int64_t length, places;  // of the picture, and of the result
  int32_t interpolation;
  double spread;  // pixels of the picture for one step of the kernel

  double reach() const { return (interpolation == kBicubic ? 2 : 1) * spread; }
  int64_t most_weights() const {
    const int64_t window = interpolation == kNearest ? 1 : 2 * (static_cast<int64_t>(reach()) + 1) + 1;
    return places * smaller(window, length);
  }
};

double weight_at(const Axis& axis, double distance) {
  const double d = (distance < 0 ? -distance : distance) / axis.spread;
  if (axis.interpolation == kBilinear) return d < 1 ? 1 - d : 0;
  if (d < 1) return (1.5 * d - 2.5) * d * d + 1;
  return d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
}

// Windows hold the pixels within reach, so that both their ends step on.
void fill_taps(const Axis& axis, Taps& taps) {
  int32_t offset = 0;
  for (int64_t place = 0; place < axis.places; place++) {
    taps.offsets[place] = offset;
    if (axis.interpolation == kNearest) {
      taps.first[place] = static_cast<int32_t>((2 * place + 1) * axis.length / (2 * axis.places));
      taps.weights[offset++] = 1;
      continue;
    }
    const double at = (static_cast<double>(place) + 0.5) * static_cast<double>(axis.length) /
                          static_cast<double>(axis.places) - 0.5;
    int64_t first = larger(0, static_cast<int64_t>(at - axis.reach()));
    int64_t end = smaller(axis.length, static_cast<int64_t>(at + axis.reach()) + 1);
    while (first + 1 < end && at - static_cast<double>(first) >= axis.reach()) first++;
    while (first + 1 < end && static_cast<double>(end - 1) - at >= axis.reach()) end--;
    double total = 0;
    for (int64_t pixel = first; pixel < end; pixel++) total += weight_at(axis, at - static_cast<double>(pixel));
    taps.first[place] = static_cast<int32_t>(first);
    for (int64_t pixel = first; pixel < end; pixel++) {
      taps.weights[offset++] = static_cast<float>(weight_at(axis, at - static_cast<double>(pixel)) / total);
    }
  }
  taps.offsets[axis.places] = offset;
}

Axis axis_of(const Invocation& invocation, const Tensor& pictures, const Tensor& resized, int axis) {
  const auto& a = *reinterpret_cast<const Resize2dAttributes*>(invocation.attributes);
  const int64_t length = pictures.sizes[axis], places = resized.sizes[axis];
  const bool widens = a.antialias && length > places;
  return {length, places, a.interpolation,
          widens ? static_cast<double>(length) / static_cast<double>(places) : 1.0};
}

Taps take_axis(ScratchCutter& cutter, const Axis& axis, bool fills) {
  Taps taps = take_taps(cutter, axis.places, axis.most_weights());
  if (fills) fill_taps(axis, taps);
  return taps;
}

Taps take_turned(ScratchCutter& cutter, const Axis& axis, bool fills) {
  const Taps taps = take_axis(cutter, axis, fills);
  Taps turned = take_taps(cutter, axis.length, axis.most_weights());
  if (fills) turn_taps(taps, turned);
  return turned;
}

}  // namespace

size_t resize2d_scratch(const Invocation& invocation) {
  ScratchCutter cutter(nullptr);
  for (int axis = 1; axis <= 2; axis++) take_axis(cutter, axis_of(invocation, invocation.inputs[0], invocation.outputs[0], axis), false);
  return cutter.bytes();
}

int resize2d(const Invocation& invocation) {
  const Tensor &x = invocation.inputs[0], &y = invocation.outputs[0];
  ScratchCutter cutter(invocation.scratch);
  const Taps rows = take_axis(cutter, axis_of(invocation, x, y, 1), true);
  const Taps columns = take_axis(cutter, axis_of(invocation, x, y, 2), true);
  weigh_pictures(invocation.parallel, x, y, rows, columns);
  return kCajalOk;
}

size_t resize2d_gradient_scratch(const Invocation& invocation) {
  ScratchCutter cutter(nullptr);
  for (int axis = 1; axis <= 2; axis++) {
    take_turned(cutter, axis_of(invocation, invocation.outputs[0], invocation.inputs[0], axis), false);
  }
  return cutter.bytes();
}

int resize2d_gradient(const Invocation& invocation) {
  const Tensor &dy = invocation.inputs[0], &dx = invocation.outputs[0];
  ScratchCutter cutter(invocation.scratch);
  const Taps rows = take_turned(cutter, axis_of(invocation, dx, dy, 1), true);
  const Taps columns = take_turned(cutter, axis_of(invocation, dx, dy, 2), true);
  weigh_pictures(invocation.parallel, dy, dx, rows, columns);
  return kCajalOk;
}

}  // namespace cajal::CAJAL_ISA
