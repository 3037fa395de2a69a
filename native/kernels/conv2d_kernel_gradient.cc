// The gradient of a convolution with respect to its kernel.
//   dkernel[i, j, k, f] = sum over pictures and places (r, c) of x[r · stride + i · dilation − top, …, k] · dy[r, c, f]
// Places are cut into chunks that depend on shapes only; each chunk sums into a kernel of its own, and those are added
// in order. Inside a chunk a register tile holds neighbouring (j, k) × filters and goes along rows of places.
// Where dy is the gradient of a max pooling, its sum over all places, the gradient of the bias, is made along the way.
#include "../include/ops.h"
#include "depthwise.h"
#include "dy_rows.h"
#include "panels.h"
#include "parallel_for.h"
#include "partial_sums.h"
#include "picture_rows.h"
#include "winograd.h"
#include "winograd_kernel_gradient.h"

namespace cajal::CAJAL_ISA {
namespace {

constexpr int64_t kMostChunks = 16;
constexpr int64_t kMostPartialFloats = 12 * 1024 * 1024;
// Places of a band: long enough to pay for loading and storing a tile's sums, short enough that dy stays near.
constexpr int64_t kBandPlaces = 160;
constexpr int64_t kMostBandRows = 32;

struct Work {
  const float* x;   // [pictures, height, width, groups · channels]
  DyRows dy;
  float* dkernel;   // [kernel_rows, kernel_columns, channels, filters], channels of one group, filters of all
  int64_t pictures, height, width, channels, rows, columns, filters, kernel_rows, kernel_columns;
  Conv2dKernelGradientAttributes attributes;
  int64_t groups, group_filters;

  bool is_copied;      // bands of x are copied with zeros around them
  bool is_packed;      // dy is copied into a panel
  int64_t band_pictures;  // a band is rows of one picture, or all rows of several small ones
  int64_t band_rows;      // of dy, in each picture
  int64_t row_bands;      // per picture
  int64_t bands;
  int64_t copy_width;     // columns of a copied band
  int64_t copied_picture;  // floats
  int64_t copy_floats;
  int64_t panel_floats;
  int64_t chunks;
  int64_t parts;  // panels of a group's filters are cut into so many parts, each with its own tiles of work
  int64_t kernel_floats;

  float* partials;  // [chunks, kernel_floats]; dkernel itself where there is one chunk
  float* dbias;     // null: not asked for
  float* bias_partials;
  float* copies;
  float* panels;
  size_t bytes;
};

// The rows of dy as they lie in the second operand.
DyRows rows_in_memory(const Tensor& dy) {
  DyRows rows = {};
  rows.dy = reinterpret_cast<const float*>(dy.data);
  rows.rows = dy.sizes[1];
  rows.columns = dy.sizes[2];
  rows.filters = dy.sizes[3];
  return rows;
}

// The rows of dy that a max pooling's gradient would write.
DyRows rows_before_pooling(const Invocation& invocation) {
  const auto& attributes = *reinterpret_cast<const Conv2dMaxPool2dKernelGradientAttributes*>(invocation.attributes);
  DyRows rows = rows_in_memory(invocation.inputs[1]);
  rows.pooled_rows = rows.rows;
  rows.pooled_columns = rows.columns;
  rows.rows = attributes.height;
  rows.columns = attributes.width;
  rows.places = invocation.inputs[2].data;
  rows.pool_height = attributes.pool_height;
  rows.pool_width = attributes.pool_width;
  return rows;
}

// Attributes begin with those of conv2d_kernel_gradient but the groups.
Work prepare(const Invocation& invocation, const DyRows& dy, int64_t groups) {
  Work w = {};
  w.attributes = *reinterpret_cast<const Conv2dKernelGradientAttributes*>(invocation.attributes);
  const int64_t* x = invocation.inputs[0].sizes;
  w.x = reinterpret_cast<const float*>(invocation.inputs[0].data);
  w.dy = dy;
  w.dkernel = reinterpret_cast<float*>(invocation.outputs[0].data);
  w.pictures = x[0];
  w.height = x[1];
  w.width = x[2];
  w.channels = x[3] / groups;
  w.groups = groups;
  w.rows = dy.rows;
  w.columns = dy.columns;
  w.filters = dy.filters;
  w.group_filters = dy.filters / groups;
  w.kernel_rows = w.attributes.kernel_height;
  w.kernel_columns = w.attributes.kernel_width;
  w.kernel_floats = w.kernel_rows * w.kernel_columns * w.channels * w.filters;
  if (invocation.output_count > 1) w.dbias = reinterpret_cast<float*>(invocation.outputs[1].data);

  const auto& a = w.attributes;
  const int64_t reach_height = (w.kernel_rows - 1) * a.dilation_height + 1;
  const int64_t reach_width = (w.kernel_columns - 1) * a.dilation_width + 1;
  w.is_copied = groups > 1 || a.padding_top > 0 || a.padding_left > 0 ||
                (w.rows - 1) * a.stride_height + reach_height > w.height ||
                (w.columns - 1) * a.stride_width + reach_width > w.width;
  w.band_rows = larger(1, smaller(smaller(w.rows, kMostBandRows), kBandPlaces / larger(1, w.columns)));
  w.row_bands = ceil_divide(w.rows, w.band_rows);
  w.band_pictures = 1;
  if (w.row_bands == 1) {
    w.band_pictures = larger(1, smaller(kMostBandRows / w.rows, kBandPlaces / larger(1, w.rows * w.columns)));
  }
  w.bands = ceil_divide(w.pictures, w.band_pictures) * w.row_bands;
  w.copy_width = (w.columns - 1) * a.stride_width + reach_width;
  if (w.is_copied) {
    w.copied_picture = ((w.band_rows - 1) * a.stride_height + reach_height) * w.copy_width * w.channels;
    w.copy_floats = ceil_divide(w.copied_picture * w.band_pictures, 16) * 16;
  }
  w.is_packed = groups > 1 || dy.pool_height > 0 || (w.filters != kTileColumns && w.filters != kLanes);
  if (w.is_packed) w.panel_floats = w.band_pictures * w.band_rows * w.columns * kTileColumns;
  w.chunks = smaller(smaller(kMostChunks, w.bands), larger(1, kMostPartialFloats / larger(1, w.kernel_floats)));
  w.parts = smaller(panel_count(w.group_filters), ceil_divide(kMostChunks, larger(1, w.chunks * groups)));

  ScratchCutter cutter(invocation.scratch);
  w.partials = w.chunks > 1 ? cutter.take<float>(w.chunks * w.kernel_floats) : w.dkernel;
  w.bias_partials = w.chunks > 1 && invocation.output_count > 1 ? cutter.take<float>(w.chunks * w.filters) : w.dbias;
  w.copies = cutter.take<float>(w.copy_floats * invocation.parallel->threads);
  w.panels = cutter.take<float>(w.panel_floats * invocation.parallel->threads);
  w.bytes = cutter.bytes();
  return w;
}

// Adds (or, at first, sets) what one band contributes to a chunk's kernel, for some panels of a group's filters.
void add_band(const Work& w, int64_t band, int64_t group, int64_t first_panel, int64_t last_panel, bool is_first, float* partial,
              float* bias_partial, int worker) {
  const auto& a = w.attributes;
  const int64_t first_picture = band / w.row_bands * w.band_pictures, first = band % w.row_bands * w.band_rows;
  const int64_t pictures = smaller(w.pictures - first_picture, w.band_pictures);
  const int64_t rows = smaller(w.rows - first, w.band_rows);
  const int64_t top = first * a.stride_height - a.padding_top;
  const int64_t pixel = w.groups * w.channels, picture_floats = w.height * w.width * pixel;
  const int64_t pitch = (w.is_copied ? w.copy_width : w.width) * w.channels;
  const float* x = w.x + first_picture * picture_floats + group * w.channels;
  int64_t segments[kMostBandRows];
  for (int64_t picture = 0; picture < pictures; picture++) {
    const int64_t start = picture * (w.is_copied ? w.copied_picture : picture_floats);
    for (int64_t row = 0; row < rows; row++) segments[picture * rows + row] = start + row * a.stride_height * pitch;
  }
  if (w.is_copied) {
    float* copy = w.copies + worker * w.copy_floats;
    const int64_t copied_rows = (rows - 1) * a.stride_height + (w.kernel_rows - 1) * a.dilation_height + 1;
    for (int64_t picture = 0; picture < pictures; picture++) {
      copy_rows(x + picture * picture_floats, w.height, w.width, pixel, w.channels, top, copied_rows, -a.padding_left,
                w.copy_width, copy + picture * w.copied_picture);
    }
    x = copy;
  } else {
    x += top * pitch - a.padding_left * w.channels;
  }
  // Kernel columns that are neighbours in x are neighbours in the kernel too: one strip of a tile's rows.
  const bool is_joined = a.dilation_width == 1 || w.kernel_columns == 1;
  const int64_t strips = is_joined ? 1 : w.kernel_columns;
  const int64_t strip_rows = (is_joined ? w.kernel_columns : 1) * w.channels;
  for (int64_t panel = first_panel; panel < last_panel; panel++) {
    const int64_t first_filter = group * w.group_filters + panel * kTileColumns;
    Tile t = {};
    t.columns = panel_columns(panel, w.group_filters);
    if (w.is_packed) {
      float* packed = w.panels + worker * w.panel_floats;
      pack_dy(w.dy, first_picture, pictures, first, rows, first_filter, t.columns, packed);
      if (bias_partial) {
        float* sums = bias_partial + panel * kTileColumns;
        if (is_first) clear_floats(sums, t.columns);
        add_passing(w.dy, first_picture, pictures, first, rows, panel * kTileColumns, t.columns, sums);
      }
      t.b = packed;
    } else {
      t.b = w.dy.dy + (first_picture * w.rows + first) * w.columns * w.filters;
    }
    t.b_step = panel_width(t.columns);
    t.b_segment = w.columns * t.b_step;
    t.a_segments = segments;
    t.a_row = 1;
    t.a_step = a.stride_width * w.channels;
    t.c_row = w.filters;
    t.segments = pictures * rows;
    t.length = w.columns;
    t.bias = nullptr;
    t.accumulate = !is_first;
    t.relu = false;
    for (int64_t i = 0; i < w.kernel_rows; i++) {
      for (int64_t j = 0; j < strips; j++) {
        t.a = x + i * a.dilation_height * pitch + j * a.dilation_width * w.channels;
        t.c = partial + (i * w.kernel_columns + j) * w.channels * w.filters + first_filter;
        run_strip<Rows::kNeighbours>(t, strip_rows);
      }
    }
  }
}

int add_in_order(const Work& w, Parallel* parallel) {
  const int64_t bands = w.bands, panels = panel_count(w.group_filters);
  if (bands == 0) {
    clear_floats(w.dkernel, w.kernel_floats);
    if (w.dbias) clear_floats(w.dbias, w.filters);
    return 0;
  }
  parallel_for(parallel, w.chunks * w.groups * w.parts, [&](int64_t tile, int worker) {
    const int64_t chunk = tile / w.parts / w.groups, group = tile / w.parts % w.groups, part = tile % w.parts;
    const int64_t first = chunk * bands / w.chunks, last = (chunk + 1) * bands / w.chunks;
    for (int64_t band = first; band < last; band++) {
      add_band(w, band, group, part * panels / w.parts, (part + 1) * panels / w.parts, band == first,
               w.partials + chunk * w.kernel_floats, w.dbias ? w.bias_partials + chunk * w.filters : nullptr, worker);
    }
  });
  if (w.chunks > 1) {
    add_partials(w.partials, w.chunks, w.kernel_floats, w.dkernel, parallel);
    if (w.dbias) add_partials(w.bias_partials, w.chunks, w.filters, w.dbias, parallel);
  }
  return 0;
}

// Of size 0 where sums in order are faster.
WinogradKernelGradient make_winograd(const Invocation& invocation, const DyRows& dy, int64_t groups) {
  const auto& a = *reinterpret_cast<const Conv2dKernelGradientAttributes*>(invocation.attributes);
  const int64_t* x = invocation.inputs[0].sizes;
  const bool is_pooled = dy.pool_height > 0;
  WinogradKernelGradient w = {};
  if (groups != 1 || !has_winograd_kernel(invocation, a.kernel_height, a.kernel_width)) return w;
  if (is_pooled && !has_winograd_pooling(dy)) return w;
  w.size = winograd_size(dy.rows, dy.columns, x[3], dy.filters);
  w.x = reinterpret_cast<const float*>(invocation.inputs[0].data);
  w.pictures = x[0];
  w.height = x[1];
  w.width = x[2];
  w.channels = x[3];
  w.top = -a.padding_top;
  w.left = -a.padding_left;
  w.dy = dy.dy;
  w.rows = is_pooled ? 2 * dy.pooled_rows : dy.rows;
  w.columns = is_pooled ? 2 * dy.pooled_columns : dy.columns;
  w.filters = dy.filters;
  w.dkernel = reinterpret_cast<float*>(invocation.outputs[0].data);
  if (is_pooled) {
    w.is_pooled = true;
    w.places = dy.places;
    w.dbias = reinterpret_cast<float*>(invocation.outputs[1].data);
  }
  return w;
}

size_t scratch_bytes(const Invocation& invocation, const DyRows& dy, int64_t groups) {
  const WinogradKernelGradient winograd = make_winograd(invocation, dy, groups);
  if (winograd.size != 0) return winograd_kernel_gradient_scratch(winograd, invocation.parallel->threads);
  return prepare(invocation, dy, groups).bytes;
}

int run(const Invocation& invocation, const DyRows& dy, int64_t groups) {
  const WinogradKernelGradient winograd = make_winograd(invocation, dy, groups);
  if (winograd.size == 0) return add_in_order(prepare(invocation, dy, groups), invocation.parallel);
  winograd_kernel_gradient(winograd, invocation.scratch, invocation.parallel);
  return 0;
}

int64_t groups_of(const Invocation& invocation) {
  return reinterpret_cast<const Conv2dKernelGradientAttributes*>(invocation.attributes)->groups;
}

bool is_depthwise(const Invocation& invocation) {
  return has_depthwise_groups(groups_of(invocation), invocation.inputs[0].sizes[3]);
}

}  // namespace

size_t conv2d_kernel_gradient_scratch(const Invocation& invocation) {
  if (is_depthwise(invocation)) return depthwise_kernel_gradient_scratch(invocation);
  return scratch_bytes(invocation, rows_in_memory(invocation.inputs[1]), groups_of(invocation));
}

int conv2d_kernel_gradient(const Invocation& invocation) {
  if (is_depthwise(invocation)) return depthwise_kernel_gradient(invocation);
  return run(invocation, rows_in_memory(invocation.inputs[1]), groups_of(invocation));
}

size_t conv2d_max_pool2d_kernel_gradient_scratch(const Invocation& invocation) {
  return scratch_bytes(invocation, rows_before_pooling(invocation), 1);
}

int conv2d_max_pool2d_kernel_gradient(const Invocation& invocation) {
  return run(invocation, rows_before_pooling(invocation), 1);
}

}  // namespace cajal::CAJAL_ISA
