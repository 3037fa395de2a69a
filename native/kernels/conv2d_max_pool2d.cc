// A convolution and the max pooling of its result, whose windows lie side by side. Each tile of the convolution is pooled
// in registers, or each band while it is in the first-level cache, so that its numbers, four times as many as are left of them, never cross memory.
#include "direct_conv2d.h"
#include "pool_window.h"
#include "winograd.h"

namespace cajal::CAJAL_ISA {
namespace {

struct Pooling {
  float* y;         // [pictures, rows, columns, channels]
  uint8_t* places;  // the window's place of each largest value
  int64_t rows, columns, channels;
  int pool_height, pool_width;
};

template <bool kIsRelu>
void pool_band(const void* reader, const Band& band) {
  const Pooling& pooling = *static_cast<const Pooling*>(reader);
  const int64_t height = pooling.pool_height, width = pooling.pool_width;
  const bool is_2x2 = height == 2 && width == 2;
  PoolWindow window = {};
  window.row_floats = band.columns * band.filters;
  window.channels = band.filters;
  window.pool_width = window.column1 = pooling.pool_width;
  window.row1 = pooling.pool_height;
  for (int64_t row = 0; row < band.rows / height; row++) {
    const int64_t place = (band.picture * pooling.rows + band.first_row / height + row) * pooling.columns;
    int64_t at = (place + band.first_column / width) * pooling.channels + band.first_filter;
    for (int64_t column = 0; column < band.columns / width; column++, at += pooling.channels) {
      window.x = band.values + row * height * window.row_floats + column * width * band.filters;
      if (is_2x2) pool_window_2x2<kIsRelu>(window.x, window.row_floats, band.filters, pooling.y + at, pooling.places + at);
      else pool_window<kIsRelu>(window, pooling.y + at, pooling.places + at);
    }
  }
}

DirectConv2d prepare(const Invocation& invocation, ScratchCutter* cutter) {
  const auto& attributes = *reinterpret_cast<const Conv2dMaxPool2dAttributes*>(invocation.attributes);
  const int64_t* pooled = invocation.outputs[0].sizes;
  DirectConv2d work = prepare_direct(invocation, pooled[1] * attributes.pool_height, pooled[2] * attributes.pool_width,
                                     1, cutter);
  const bool is_2x2 = attributes.pool_height == 2 && attributes.pool_width == 2;
  const bool is_joined = attributes.dilation_width == 1 || work.correlation.column_taps == 1;
  // Measured to be faster with AVX2 and AVX-512 only.
  work.correlation.is_pooled = kLanes > 4 && is_2x2 && is_joined;
  if (!work.correlation.is_pooled) {
    work.correlation.read_band = work.correlation.relu ? pool_band<true> : pool_band<false>;
  }
  work.correlation.row_unit = attributes.pool_height;
  work.correlation.column_unit = attributes.pool_width;
  return work;
}

// Of size 0 where sums in order are faster.
WinogradCorrelation make_winograd(const Invocation& invocation) {
  const auto& attributes = *reinterpret_cast<const Conv2dMaxPool2dAttributes*>(invocation.attributes);
  if (!has_winograd_pooling(attributes)) return {};
  const int64_t* pooled = invocation.outputs[0].sizes;
  WinogradCorrelation w = winograd_convolution(invocation, 2 * pooled[1], 2 * pooled[2]);
  w.pools = true;
  w.places = invocation.outputs[1].data;
  return w;
}

}  // namespace

size_t conv2d_max_pool2d_scratch(const Invocation& invocation) {
  const WinogradCorrelation winograd = make_winograd(invocation);
  if (winograd.size != 0) return winograd_correlate_scratch(winograd, invocation.parallel->threads);
  ScratchCutter cutter(nullptr);
  const DirectConv2d work = prepare(invocation, &cutter);
  return cutter.bytes() + correlate_scratch(work.correlation, invocation.parallel->threads);
}

int conv2d_max_pool2d(const Invocation& invocation) {
  const WinogradCorrelation winograd = make_winograd(invocation);
  if (winograd.size != 0) {
    winograd_correlate(winograd, invocation.scratch, invocation.parallel);
    return 0;
  }
  const auto& attributes = *reinterpret_cast<const Conv2dMaxPool2dAttributes*>(invocation.attributes);
  const Tensor& pooled = invocation.outputs[0];
  Pooling pooling = {};
  pooling.y = reinterpret_cast<float*>(pooled.data);
  pooling.places = invocation.outputs[1].data;
  pooling.rows = pooled.sizes[1];
  pooling.columns = pooled.sizes[2];
  pooling.channels = pooled.sizes[3];
  pooling.pool_height = attributes.pool_height;
  pooling.pool_width = attributes.pool_width;

  ScratchCutter cutter(invocation.scratch);
  DirectConv2d work = prepare(invocation, &cutter);
  work.correlation.reader = &pooling;
  work.correlation.pooled = {pooling.y, pooling.places};
  lay_out_weights(invocation, 0, &work);
  correlate(work.correlation, cutter.rest(), invocation.parallel);
  return 0;
}

}  // namespace cajal::CAJAL_ISA
