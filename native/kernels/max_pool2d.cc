// Max pooling and its gradient. Places outside the picture never win. The first largest place of a window wins; a NaN
// counts as larger than any number, so it is passed on, and the first one wins.
#include "../include/cajal.h"
#include "../include/ops.h"
#include "../runtime/kernel.h"
#include "../simd/vec.h"
#include "pool_window.h"

namespace cajal::CAJAL_ISA {

int max_pool2d(const Invocation& invocation);
size_t max_pool2d_scratch(const Invocation& invocation);
int max_pool2d_gradient(const Invocation& invocation);
size_t max_pool2d_gradient_scratch(const Invocation& invocation);

namespace {

constexpr int64_t kTile = 1 << 15;  // floats that a parallel tile reads or writes, about

struct Work {
  const float* x;       // pictures, or dy
  float* y;             // the largest values, or dx
  uint8_t* places;      // the window's place of each largest value
  int64_t height, width, channels;              // of the pictures
  int64_t output_height, output_width;
  int32_t stride_height, stride_width, top, left, pool_height, pool_width;
  int64_t tile_rows, tiles_per_picture;
};

int bounded(int64_t value, int64_t limit) { return static_cast<int>(value < 0 ? 0 : value > limit ? limit : value); }

void pool_tile(void* context, int64_t tile, int) {
  const Work& work = *static_cast<const Work*>(context);
  const int64_t picture = tile / work.tiles_per_picture;
  const int64_t first_row = tile % work.tiles_per_picture * work.tile_rows;
  const int64_t last_row = first_row + work.tile_rows < work.output_height ? first_row + work.tile_rows : work.output_height;
  const int64_t row_floats = work.width * work.channels;
  const float* x = work.x + picture * work.height * row_floats;
  for (int64_t row = first_row; row < last_row; row++) {
    const int64_t y0 = row * work.stride_height - work.top;
    PoolWindow window;
    window.row_floats = row_floats;
    window.channels = work.channels;
    window.pool_width = work.pool_width;
    window.row0 = bounded(-y0, work.pool_height);
    window.row1 = bounded(work.height - y0, work.pool_height);
    for (int64_t column = 0; column < work.output_width; column++) {
      const int64_t x0 = column * work.stride_width - work.left;
      window.column0 = bounded(-x0, work.pool_width);
      window.column1 = bounded(work.width - x0, work.pool_width);
      window.x = x + y0 * row_floats + x0 * work.channels;
      const int64_t at = ((picture * work.output_height + row) * work.output_width + column) * work.channels;
      const bool is_whole = window.row1 - window.row0 == 2 && window.column1 - window.column0 == 2;
      if (is_whole && work.pool_height == 2 && work.pool_width == 2) {
        pool_window_2x2(window.x, row_floats, work.channels, work.y + at, work.places + at);
      } else {
        pool_window(window, work.y + at, work.places + at);
      }
    }
  }
}

// dx[channel] (+)= dy where `place` won.
template <bool kAdds>
void pass_back(const float* dy, const uint8_t* places, int place, int64_t channels, float* dx) {
  int64_t channel = 0;
  for (; channel + kLanes <= channels; channel += kLanes) {
    const vf passed = select(load_bytes_as_integers(places + channel) == broadcast(place), load(dy + channel), zero());
    store(dx + channel, kAdds ? load(dx + channel) + passed : passed);
  }
  for (; channel < channels; channel++) {
    const float passed = places[channel] == place ? dy[channel] : 0;
    dx[channel] = kAdds ? dx[channel] + passed : passed;
  }
}

void clear(float* from, int64_t count) {
  for (int64_t index = 0; index < count; index++) from[index] = 0;
}

// One row of a picture's gradient collects from all windows that reach it, always in the same order. So no two tiles
// write to one place, however windows overlap.
void collect_row(const Work& work, int64_t picture, int64_t row, float* dx) {
  const bool overlaps = work.stride_height < work.pool_height || work.stride_width < work.pool_width;
  const int64_t channels = work.channels;
  const int64_t from_top = row + work.top;
  const int64_t after = from_top - work.pool_height + 1;
  const int64_t first = after <= 0 ? 0 : (after + work.stride_height - 1) / work.stride_height;
  const int64_t last = from_top / work.stride_height;
  const bool covers_all = !overlaps && work.stride_width == work.pool_width && work.left == 0 && first <= last &&
                          last < work.output_height;
  const int64_t covered = covers_all ? work.output_width * work.pool_width : 0;
  if (covered < work.width) clear(dx + covered * channels, (work.width - covered) * channels);
  for (int64_t output = first; output <= last && output < work.output_height; output++) {
    const int window_row = static_cast<int>(from_top - output * work.stride_height);
    const int64_t at = (picture * work.output_height + output) * work.output_width * channels;
    for (int64_t column = 0; column < work.output_width; column++) {
      const float* dy = work.x + at + column * channels;
      const uint8_t* places = work.places + at + column * channels;
      for (int window_column = 0; window_column < work.pool_width; window_column++) {
        const int64_t place = column * work.stride_width - work.left + window_column;
        if (place < 0 || place >= work.width) continue;
        const int number = window_row * work.pool_width + window_column;
        if (overlaps) pass_back<true>(dy, places, number, channels, dx + place * channels);
        else pass_back<false>(dy, places, number, channels, dx + place * channels);
      }
    }
  }
}

// Windows of 2 × 2 places side by side: each number of dy is read once and its four places are written.
void spread_tile_2x2(void* context, int64_t tile, int) {
  const Work& work = *static_cast<const Work*>(context);
  const int64_t picture = tile / work.tiles_per_picture;
  const int64_t first_row = tile % work.tiles_per_picture * work.tile_rows;
  const int64_t last_row = first_row + work.tile_rows < work.output_height ? first_row + work.tile_rows : work.output_height;
  const int64_t channels = work.channels;
  const int64_t row_floats = work.width * channels;
  float* picture_dx = work.y + picture * work.height * row_floats;
  for (int64_t row = first_row; row < last_row; row++) {
    float* upper = picture_dx + 2 * row * row_floats;
    float* lower = upper + row_floats;
    const int64_t at = (picture * work.output_height + row) * work.output_width * channels;
    for (int64_t column = 0; column < work.output_width; column++, upper += 2 * channels, lower += 2 * channels) {
      const float* dy = work.x + at + column * channels;
      const uint8_t* places = work.places + at + column * channels;
      int64_t channel = 0;
      for (; channel + kLanes <= channels; channel += kLanes) {
        const vf gradient = load(dy + channel);
        const vi place = load_bytes_as_integers(places + channel);
        store(upper + channel, select(place == 0, gradient, zero()));
        store(upper + channels + channel, select(place == 1, gradient, zero()));
        store(lower + channel, select(place == 2, gradient, zero()));
        store(lower + channels + channel, select(place == 3, gradient, zero()));
      }
      for (; channel < channels; channel++) {
        float* const corners[] = {upper + channel, upper + channels + channel, lower + channel, lower + channels + channel};
        for (int place = 0; place < 4; place++) *corners[place] = places[channel] == place ? dy[channel] : 0;
      }
    }
    const int64_t rest = (work.width - 2 * work.output_width) * channels;
    clear(upper, rest);
    clear(lower, rest);
  }
  if (last_row == work.output_height) {
    clear(picture_dx + 2 * last_row * row_floats, (work.height - 2 * last_row) * row_floats);
  }
}

void gradient_tile(void* context, int64_t tile, int) {
  const Work& work = *static_cast<const Work*>(context);
  const int64_t picture = tile / work.tiles_per_picture;
  const int64_t first_row = tile % work.tiles_per_picture * work.tile_rows;
  const int64_t last_row = first_row + work.tile_rows < work.height ? first_row + work.tile_rows : work.height;
  for (int64_t row = first_row; row < last_row; row++) {
    collect_row(work, picture, row, work.y + (picture * work.height + row) * work.width * work.channels);
  }
}

template <typename Attributes>
Work make_work(const Invocation& invocation, const Tensor& pictures, const Tensor& pooled, int64_t rows, int64_t row_floats) {
  const auto& attributes = *reinterpret_cast<const Attributes*>(invocation.attributes);
  Work work = {};
  work.height = pictures.sizes[1];
  work.width = pictures.sizes[2];
  work.channels = pictures.sizes[3];
  work.output_height = pooled.sizes[1];
  work.output_width = pooled.sizes[2];
  work.stride_height = attributes.stride_height;
  work.stride_width = attributes.stride_width;
  work.top = attributes.padding_top;
  work.left = attributes.padding_left;
  work.pool_height = attributes.pool_height;
  work.pool_width = attributes.pool_width;
  work.tile_rows = kTile / row_floats < 1 ? 1 : kTile / row_floats;
  work.tiles_per_picture = (rows + work.tile_rows - 1) / work.tile_rows;
  return work;
}

}  // namespace

size_t max_pool2d_scratch(const Invocation&) { return 0; }

int max_pool2d(const Invocation& invocation) {
  const Tensor &x = invocation.inputs[0], &y = invocation.outputs[0];
  const auto& attributes = *reinterpret_cast<const MaxPool2dAttributes*>(invocation.attributes);
  const int64_t row_floats = attributes.stride_height * x.sizes[2] * x.sizes[3];
  Work work = make_work<MaxPool2dAttributes>(invocation, x, y, y.sizes[1], row_floats);
  work.x = reinterpret_cast<const float*>(x.data);
  work.y = reinterpret_cast<float*>(y.data);
  work.places = invocation.outputs[1].data;
  invocation.parallel->run(invocation.parallel, x.sizes[0] * work.tiles_per_picture, pool_tile, &work);
  return kCajalOk;
}

size_t max_pool2d_gradient_scratch(const Invocation&) { return 0; }

int max_pool2d_gradient(const Invocation& invocation) {
  const Tensor &dy = invocation.inputs[0], &dx = invocation.outputs[0];
  const auto& attributes = *reinterpret_cast<const MaxPool2dGradientAttributes*>(invocation.attributes);
  const bool is_2x2 = attributes.pool_height == 2 && attributes.pool_width == 2 && attributes.stride_height == 2 &&
                      attributes.stride_width == 2 && attributes.padding_top == 0 && attributes.padding_left == 0 &&
                      2 * dy.sizes[1] <= dx.sizes[1] && 2 * dy.sizes[2] <= dx.sizes[2];
  const int64_t row_floats = dx.sizes[2] * dx.sizes[3];
  Work work = is_2x2 ? make_work<MaxPool2dGradientAttributes>(invocation, dx, dy, dy.sizes[1], 2 * row_floats)
                     : make_work<MaxPool2dGradientAttributes>(invocation, dx, dy, dx.sizes[1], row_floats);
  work.x = reinterpret_cast<const float*>(dy.data);
  work.y = reinterpret_cast<float*>(dx.data);
  work.places = invocation.inputs[1].data;
  const int64_t tiles = dx.sizes[0] * work.tiles_per_picture;
  invocation.parallel->run(invocation.parallel, tiles, is_2x2 ? spread_tile_2x2 : gradient_tile, &work);
  return kCajalOk;
}

}  // namespace cajal::CAJAL_ISA
