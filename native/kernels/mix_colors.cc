// Colours changed in one pass; src/ops/mix-colors.ts has the formulas. Pixels of three channels are taken apart into a vector for
// each channel.
#include "../include/cajal.h"
#include "../include/ops.h"
#include "../simd/interleave.h"
#include "parallel_for.h"

namespace cajal::CAJAL_ISA {

int mix_channels(const Invocation& invocation);
size_t mix_channels_scratch(const Invocation& invocation);
int adjust_hsv(const Invocation& invocation);
size_t adjust_hsv_scratch(const Invocation& invocation);

namespace {

constexpr int64_t kPixels = 1 << 12;  // of a parallel tile

// change(channels) for all pixels of three channels, kLanes at a time. The last ones are done together with some before them,
// again to the same bits.
template <typename T, typename Change>
CAJAL_INLINE void change_pixels(const T* from, int64_t pixels, float* to, const Change& change) {
  vf channels[3];
  if (pixels < kLanes) {
    T few[3 * kLanes] = {};
    float changed[3 * kLanes];
    for (int64_t index = 0; index < 3 * pixels; index++) few[index] = from[index];
    load_pixels(few, channels);
    change(channels);
    store_pixels(changed, channels);
    for (int64_t index = 0; index < 3 * pixels; index++) to[index] = changed[index];
    return;
  }
  for (int64_t pixel = 0; pixel < pixels; pixel += kLanes) {
    const int64_t at = 3 * smaller(pixel, pixels - kLanes);
    load_pixels(from + at, channels);
    change(channels);
    store_pixels(to + at, channels);
  }
}

// body(example, first pixel, pixels) in parallel, with pictures of bytes or floats.
template <typename Body>
CAJAL_INLINE void each_part(const Invocation& invocation, const Body& body) {
  const Tensor& x = invocation.inputs[0];
  const int64_t pixels = x.sizes[1] * x.sizes[2], parts = ceil_divide(pixels, kPixels);
  parallel_for(invocation.parallel, x.sizes[0] * parts, [&](int64_t tile, int) {
    const int64_t example = tile / parts, first = tile % parts * kPixels;
    const int64_t count = smaller(kPixels, pixels - first), start = example * pixels + first;
    if (x.dtype == kUint8) body(x.data, example, start, count);
    else body(reinterpret_cast<const float*>(x.data), example, start, count);
  });
}

struct Bounds {
  float low, high;
};

CAJAL_INLINE vf held(vf v, Bounds bounds) { return minimum(broadcast(bounds.high), maximum(broadcast(bounds.low), v)); }

template <typename T>
void mix_any(const T* from, int64_t pixels, int64_t channels, int64_t results, const float* weights, Bounds bounds, float* to) {
  for (int64_t pixel = 0; pixel < pixels; pixel++, from += channels) {
    for (int64_t k = 0; k < results; k++) {
      const float* row = weights + k * (channels + 1);
      float total = row[channels];
      for (int64_t j = channels - 1; j >= 0; j--) total = fma(row[j], static_cast<float>(from[j]), total);
      const float above = bounds.low > total ? bounds.low : total;
      *to++ = bounds.high < above ? bounds.high : above;
    }
  }
}

}  // namespace

size_t mix_channels_scratch(const Invocation&) { return 0; }

int mix_channels(const Invocation& invocation) {
  const auto& a = *reinterpret_cast<const MixChannelsAttributes*>(invocation.attributes);
  const Bounds bounds = {a.low, a.high};
  const int64_t channels = invocation.inputs[0].sizes[3], results = invocation.outputs[0].sizes[3];
  const auto* all = reinterpret_cast<const float*>(invocation.inputs[1].data);
  auto* y = reinterpret_cast<float*>(invocation.outputs[0].data);
  each_part(invocation, [&](const auto* x, int64_t example, int64_t start, int64_t pixels) {
    const float* weights = all + example * results * (channels + 1);
    const auto* from = x + start * channels;
    float* to = y + start * results;
    if (channels != 3 || results != 3) return mix_any(from, pixels, channels, results, weights, bounds, to);
    vf w[12];
    for (int index = 0; index < 12; index++) w[index] = broadcast(weights[index]);
    change_pixels(from, pixels, to, [&](vf* c) {
      vf mixed[3];
      CAJAL_UNROLL
      for (int k = 0; k < 3; k++) {
        mixed[k] = held(fma(w[4 * k], c[0], fma(w[4 * k + 1], c[1], fma(w[4 * k + 2], c[2], w[4 * k + 3]))), bounds);
      }
      CAJAL_UNROLL
      for (int k = 0; k < 3; k++) c[k] = mixed[k];
    });
  });
  return kCajalOk;
}

size_t adjust_hsv_scratch(const Invocation&) { return 0; }

int adjust_hsv(const Invocation& invocation) {
  const auto& a = *reinterpret_cast<const AdjustHsvAttributes*>(invocation.attributes);
  const Bounds bounds = {a.low, a.high};
  const auto* changes = reinterpret_cast<const float*>(invocation.inputs[1].data);
  auto* y = reinterpret_cast<float*>(invocation.outputs[0].data);
  each_part(invocation, [&](const auto* x, int64_t example, int64_t start, int64_t pixels) {
    const float times = changes[2 * example], turn = changes[2 * example + 1];
    const vf low = broadcast(bounds.low), one = broadcast(1.0f);
    const auto* from = x + 3 * start;
    float* to = y + 3 * start;
    if (turn == 0) {
      return change_pixels(from, pixels, to, [&](vf* c) {
        const vf largest = maximum(c[0], maximum(c[1], c[2]));
        const vf chroma = largest - minimum(c[0], minimum(c[1], c[2])), value = largest - low;
        // As strong as can be is largest / chroma times as strong.
        const vf most = select(chroma > zero(), value / select(chroma > zero(), chroma, one), one);
        const vf ratio = minimum(broadcast(times), most);
        CAJAL_UNROLL
        for (int channel = 0; channel < 3; channel++) c[channel] = held(largest - (largest - c[channel]) * ratio, bounds);
      });
    }
    change_pixels(from, pixels, to, [&](vf* c) {
      const vf red = c[0], green = c[1], blue = c[2];
      const vf largest = maximum(red, maximum(green, blue));
      const vf chroma = largest - minimum(red, minimum(green, blue));
      const vf share = one / select(chroma > zero(), chroma, one);
      const vf hue = select(largest == red, (green - blue) * share,
                            select(largest == green, fma(blue - red, share, broadcast(2.0f)),
                                   fma(red - green, share, broadcast(4.0f))));
      const vf changed = minimum(chroma * broadcast(times), largest - low);
      const vf turned = hue + broadcast(6.0f * turn);
      CAJAL_UNROLL
      for (int channel = 0; channel < 3; channel++) {
        const vf at = turned + (5.0f - 2.0f * static_cast<float>(channel));
        const vf k = at - 6.0f * round_down(at * (1.0f / 6.0f));
        const vf part = minimum(maximum(minimum(k, 4.0f - k), zero()), one);
        c[channel] = held(largest - changed * part, bounds);
      }
    });
  });
  return kCajalOk;
}

}  // namespace cajal::CAJAL_ISA
