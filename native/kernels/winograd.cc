// Runs a WinogradCorrelation. The kernel is transformed first. Then blocks of tiles go through three stages: pixels to
// points, for each point a product of matrices [tiles, channels] · [channels, filters], and points to pixels. With few
// channels a block stays in a worker's second-level cache and each worker does all three. With many, the transformed
// kernel is the larger part: then all workers do a stage of one large block together, and read the kernel once for it.
#include "winograd.h"

#include "pool_window.h"
#include "winograd_points.h"

namespace cajal::CAJAL_ISA {
namespace {

// What `winograd_size` weighs with, see there.
constexpr int64_t kLeastChannels = 16;
constexpr int64_t kMostKernelFloats = 10 * 1024 * 1024;
constexpr float kKernelShare = 40000;
constexpr float kFourTransforms = kLanes > 8 ? 12 : 5;
constexpr float kTwoTransforms = kLanes > 8 ? 8 : 3;

// So many channels and filters together make all workers share a block of tiles.
constexpr int64_t kManyChannels = 256;
// Floats of the transformed source and target of a worker's block.
constexpr int64_t kWorkerFloats = 112 * 1024;
// Blocks for the threads to share evenly, where tiles are few.
constexpr int64_t kEnoughBlocks = 24;
// A larger target is written past the caches.
constexpr int64_t kStreamedFloats = 6 * 1024 * 1024;
// Steps of a panel of weights that are transformed at a time.
constexpr int64_t kSteps = 16;

struct Plan {
  TileGrid grid;
  int64_t points;
  int64_t tiles, block, blocks;
  bool is_shared;
  int64_t panels, filters;  // the latter rounded to vectors
  int64_t kernel_pitch, source_pitch, target_pitch;  // floats from point to point
  int64_t worker_floats;
  float* kernel;  // [points][panels of channels × filters]
  float* blocks_start;
  float* copies;
  int64_t copy_floats;
  size_t bytes;
};

template <int kSize>
Plan make_plan(const WinogradCorrelation& x, uint8_t* scratch, int threads) {
  Plan plan = {};
  plan.points = Winograd<kSize>::kPoints * Winograd<kSize>::kPoints;
  plan.grid = {x.source, x.height, x.width, x.channels, x.top, x.left, ceil_divide(x.rows, kSize),
               ceil_divide(x.columns, kSize), x.is_pooled, x.source_places};
  plan.tiles = x.pictures * plan.grid.tiles_of_picture();
  plan.panels = panel_count(x.filters);
  plan.filters = (plan.panels - 1) * kTileColumns + panel_width(panel_columns(plan.panels - 1, x.filters));
  const int64_t row = round_up(x.channels, kLanes);
  const int64_t tile_floats = plan.points * (row + plan.filters);
  plan.is_shared = row + plan.filters >= kManyChannels;
  if (plan.is_shared) {
    plan.block = shared_block(tile_floats) / kTileRows * kTileRows;
  } else {
    const int64_t share = round_up(ceil_divide(plan.tiles, kEnoughBlocks), kTileRows);
    plan.block = smaller(share, kWorkerFloats / tile_floats / kTileRows * kTileRows);
  }
  plan.block = smaller(larger(plan.block, kTileRows), larger(1, plan.tiles));
  plan.blocks = ceil_divide(plan.tiles, plan.block);
  plan.kernel_pitch = panel_floats(x.channels, x.filters) + kGap;
  plan.source_pitch = plan.block * row + kGap;
  plan.target_pitch = plan.block * plan.filters + kGap;
  plan.worker_floats = plan.points * (plan.source_pitch + plan.target_pitch);
  plan.copy_floats = larger(patch_floats<kSize>(x.channels), 9 * kSteps * kTileColumns);
  ScratchCutter cutter(scratch);
  plan.kernel = cutter.take<float>(plan.points * plan.kernel_pitch);
  plan.blocks_start = cutter.take<float>(plan.worker_floats * (plan.is_shared ? 1 : threads));
  plan.copies = cutter.take<float>(plan.copy_floats * threads);
  plan.bytes = cutter.bytes();
  return plan;
}

// Transforms `steps` steps of a panel, packed as [9 taps][steps][width].
template <int kSize>
CAJAL_INLINE void transform_steps(const float* taps, int64_t floats, float* to, int64_t pitch) {
  constexpr int kPoints = Winograd<kSize>::kPoints;
  for (int64_t at = 0; at < floats; at += kLanes) {
    vf columns[kPoints][3];
    CAJAL_UNROLL
    for (int j = 0; j < 3; j++) {
      vf g[3], u[kPoints];
      CAJAL_UNROLL
      for (int i = 0; i < 3; i++) g[i] = load(taps + (i * 3 + j) * floats + at);
      Winograd<kSize>::kernel(g, u);
      CAJAL_UNROLL
      for (int i = 0; i < kPoints; i++) columns[i][j] = u[i];
    }
    CAJAL_UNROLL
    for (int i = 0; i < kPoints; i++) {
      vf u[kPoints];
      Winograd<kSize>::kernel(columns[i], u);
      CAJAL_UNROLL
      for (int j = 0; j < kPoints; j++) store(to + (i * kPoints + j) * pitch + at, u[j]);
    }
  }
}

template <int kSize>
void transform_kernel(const WinogradCorrelation& x, const Plan& plan, Parallel* parallel) {
  const int64_t stretches = ceil_divide(x.channels, kSteps);
  parallel_for(parallel, plan.panels * stretches, [&](int64_t item, int worker) {
    const int64_t panel = item / stretches, first = item % stretches * kSteps;
    const int64_t steps = smaller(kSteps, x.channels - first);
    const int columns = panel_columns(panel, x.filters), width = panel_width(columns);
    float* taps = plan.copies + worker * plan.copy_floats;
    for (int64_t tap = 0; tap < 9; tap++) {
      float* to = taps + tap * steps * width;
      if (x.is_turned) {
        const float* from = x.kernel + ((8 - tap) * x.filters + panel * kTileColumns) * x.channels + first;
        pack_columns(from, x.channels, steps, columns, to);
      } else {
        const float* from = x.kernel + (tap * x.channels + first) * x.filters + panel * kTileColumns;
        pack_rows(from, x.filters, steps, columns, to);
      }
    }
    float* to = plan.kernel + panel * kTileColumns * x.channels + first * width;
    transform_steps<kSize>(taps, steps * width, to, plan.kernel_pitch);
  });
}

// The product of one point and one panel of filters, for `count` tiles.
void multiply(const WinogradCorrelation& x, const Plan& plan, int64_t point, int64_t panel, int64_t count,
              const float* source, float* target) {
  static const int64_t kNoSegments[1] = {0};
  Tile t = {};
  t.columns = panel_width(panel_columns(panel, x.filters));
  t.a = source + point * plan.source_pitch;
  t.a_segments = kNoSegments;
  t.a_row = round_up(x.channels, kLanes);
  t.a_step = 1;
  t.b = plan.kernel + point * plan.kernel_pitch + panel * kTileColumns * x.channels;
  t.b_step = t.columns;
  t.c = target + point * plan.target_pitch + panel * kTileColumns;
  t.c_row = plan.filters;
  t.segments = 1;
  t.length = x.channels;
  run_strip<Rows::kStrided>(t, count);
}

// The columns of one tile brought from points to pixels, for one vector of filters.
template <int kSize>
CAJAL_INLINE void transform_output_columns(const float* from, int64_t pitch,
                                           vf (&columns)[kSize][Winograd<kSize>::kPoints]) {
  constexpr int kPoints = Winograd<kSize>::kPoints;
  CAJAL_UNROLL
  for (int j = 0; j < kPoints; j++) {
    vf m[kPoints], y[kSize];
    CAJAL_UNROLL
    for (int i = 0; i < kPoints; i++) m[i] = load(from + (i * kPoints + j) * pitch);
    Winograd<kSize>::output(m, y);
    CAJAL_UNROLL
    for (int i = 0; i < kSize; i++) columns[i][j] = y[i];
  }
}

// The pixels of one tile.
template <int kSize>
CAJAL_INLINE void transform_output_vector(const float* from, int64_t pitch, vf bias, bool is_relu,
                                          vf (&pixels)[kSize][kSize]) {
  vf columns[kSize][Winograd<kSize>::kPoints];
  transform_output_columns<kSize>(from, pitch, columns);
  CAJAL_UNROLL
  for (int i = 0; i < kSize; i++) {
    vf y[kSize];
    Winograd<kSize>::output(columns[i], y);
    CAJAL_UNROLL
    for (int j = 0; j < kSize; j++) {
      const vf sum = y[j] + bias;
      pixels[i][j] = is_relu ? relu(sum) : sum;
    }
  }
}

// Transforms tiles of a block to pixels. `from` is [points][tiles][filters].
template <int kSize, bool kIsRelu>
CAJAL_NOINLINE void transform_output(const WinogradCorrelation& x, const Plan& plan, int64_t first, int64_t count,
                                     const float* from) {
  const bool streams = x.pictures * x.rows * x.columns * x.filters > kStreamedFloats;
  const int64_t row_floats = x.columns * x.filters;
  for (int64_t tile = first; tile < first + count; tile++, from += plan.filters) {
    const int64_t picture = tile / plan.grid.tiles_of_picture(), in_picture = tile % plan.grid.tiles_of_picture();
    const int64_t row = in_picture / plan.grid.tile_columns * kSize;
    const int64_t column = in_picture % plan.grid.tile_columns * kSize;
    const int64_t rows = smaller(kSize, x.rows - row), columns = smaller(kSize, x.columns - column);
    float* target = x.target + ((picture * x.rows + row) * x.columns + column) * x.filters;
    for (int64_t f = 0; f < x.filters; f += kLanes, target += kLanes) {
      const int lanes = static_cast<int>(smaller(kLanes, x.filters - f));
      const vf bias = x.bias ? load_partial(x.bias + f, lanes) : zero();
      vf pixels[kSize][kSize];
      transform_output_vector<kSize>(from + f, plan.target_pitch, bias, kIsRelu, pixels);
      if (rows == kSize && columns == kSize && lanes == kLanes) {
        CAJAL_UNROLL
        for (int i = 0; i < kSize; i++) {
          CAJAL_UNROLL
          for (int j = 0; j < kSize; j++) {
            float* to = target + i * row_floats + j * x.filters;
            streams ? store_streaming(to, pixels[i][j]) : store(to, pixels[i][j]);
          }
        }
      } else {
        for (int64_t i = 0; i < rows; i++) {
          for (int64_t j = 0; j < columns; j++) {
            store_partial(target + i * row_floats + j * x.filters, pixels[i][j], lanes);
          }
        }
      }
    }
  }
  if (streams) finish_streaming();
}

// Transforms tiles of a block to pixels and pools them. The largest pixel of a window is so before a ReLU too.
template <int kSize, bool kIsRelu>
CAJAL_NOINLINE void pool_output(const WinogradCorrelation& x, const Plan& plan, int64_t first, int64_t count,
                                const float* from) {
  constexpr int kWindows = kSize / 2;
  const int64_t pooled_rows = x.rows / 2, pooled_columns = x.columns / 2;
  for (int64_t tile = first; tile < first + count; tile++, from += plan.filters) {
    const int64_t picture = tile / plan.grid.tiles_of_picture(), in_picture = tile % plan.grid.tiles_of_picture();
    const int64_t row = in_picture / plan.grid.tile_columns * kWindows;
    const int64_t column = in_picture % plan.grid.tile_columns * kWindows;
    const int64_t start = ((picture * pooled_rows + row) * pooled_columns + column) * x.filters;
    for (int64_t f = 0; f < x.filters; f += kLanes) {
      const int lanes = static_cast<int>(smaller(kLanes, x.filters - f));
      const vf bias = x.bias ? load_partial(x.bias + f, lanes) : zero();
      vf columns[kSize][Winograd<kSize>::kPoints];
      transform_output_columns<kSize>(from + f, plan.target_pitch, columns);
      CAJAL_UNROLL
      for (int i = 0; i < kWindows; i++) {
        vf upper[kSize], lower[kSize];
        Winograd<kSize>::output(columns[2 * i], upper);
        Winograd<kSize>::output(columns[2 * i + 1], lower);
        CAJAL_UNROLL
        for (int j = 0; j < kSize; j++) {
          upper[j] += bias;
          lower[j] += bias;
        }
        CAJAL_UNROLL
        for (int j = 0; j < kWindows; j++) {
          if (row + i >= pooled_rows || column + j >= pooled_columns) continue;
          const Largest best = largest_of_four(upper[2 * j], upper[2 * j + 1], lower[2 * j], lower[2 * j + 1]);
          const vf value = kIsRelu ? relu(best.value) : best.value;
          const vi place = passing_place<kIsRelu>(value, best.place);
          const int64_t at = start + (i * pooled_columns + j) * x.filters + f;
          if (lanes == kLanes) {
            store(x.target + at, value);
            store_as_bytes(x.places + at, place);
          } else {
            store_partial(x.target + at, value, lanes);
            for (int lane = 0; lane < lanes; lane++) x.places[at + lane] = static_cast<uint8_t>(place[lane]);
          }
        }
      }
    }
  }
}

template <int kSize>
void run(const WinogradCorrelation& x, uint8_t* scratch, Parallel* parallel) {
  const Plan plan = make_plan<kSize>(x, scratch, parallel->threads);
  if (plan.tiles <= 0) return;
  transform_kernel<kSize>(x, plan, parallel);
  const auto transform_back = x.pools ? (x.relu ? pool_output<kSize, true> : pool_output<kSize, false>)
                                      : (x.relu ? transform_output<kSize, true> : transform_output<kSize, false>);
  const auto transform_source = !x.is_pooled     ? transform_input<kSize>
                                : x.top % 2 == 0 ? transform_pooled_input<kSize, false>
                                                 : transform_pooled_input<kSize, true>;
  if (!plan.is_shared) {
    parallel_for(parallel, plan.blocks, [&](int64_t block, int worker) {
      const int64_t first = block * plan.block, count = smaller(plan.block, plan.tiles - first);
      float* source = plan.blocks_start + worker * plan.worker_floats;
      float* target = source + plan.points * plan.source_pitch;
      transform_source(plan.grid, first, count, source, plan.source_pitch, plan.copies + worker * plan.copy_floats);
      for (int64_t point = 0; point < plan.points; point++) {
        for (int64_t panel = 0; panel < plan.panels; panel++) multiply(x, plan, point, panel, count, source, target);
      }
      transform_back(x, plan, first, count, target);
    });
    return;
  }
  float* source = plan.blocks_start;
  float* target = source + plan.points * plan.source_pitch;
  const int64_t row = round_up(x.channels, kLanes);
  for (int64_t block = 0; block < plan.blocks; block++) {
    const int64_t first = block * plan.block, count = smaller(plan.block, plan.tiles - first);
    const int64_t parts = ceil_divide(count, kSharedTiles);
    parallel_for(parallel, parts, [&](int64_t part, int worker) {
      const int64_t from = part * kSharedTiles;
      transform_source(plan.grid, first + from, smaller(kSharedTiles, count - from), source + from * row,
                       plan.source_pitch, plan.copies + worker * plan.copy_floats);
    });
    parallel_for(parallel, plan.points * plan.panels, [&](int64_t item, int) {
      multiply(x, plan, item / plan.panels, item % plan.panels, count, source, target);
    });
    parallel_for(parallel, parts, [&](int64_t part, int) {
      const int64_t from = part * kSharedTiles;
      transform_back(x, plan, first + from, smaller(kSharedTiles, count - from), target + from * plan.filters);
    });
  }
}

}  // namespace

int winograd_size(int64_t rows, int64_t columns, int64_t channels, int64_t filters) {
  const int64_t narrowest = smaller(channels, filters);
  if (narrowest < kLeastChannels) return 0;
  // Products for each channel and filter, and the cost of transforms in units of products: those of tiles, and that of
  // the kernel, which a batch shares, but one picture pays alone. Fitted to measured times.
  const float per_channel = 1.0f / static_cast<float>(channels) + 1.0f / static_cast<float>(filters);
  const float kernel = static_cast<float>(channels * filters) / kKernelShare;
  int best = 0;
  auto least = static_cast<float>(9 * rows * columns);  // products of sums in order
  const auto consider = [&](int64_t size, float transforms) {
    const int64_t points = (size + 2) * (size + 2);
    const auto tiles = static_cast<float>(ceil_divide(rows, size) * ceil_divide(columns, size));
    const float cost = static_cast<float>(points) * (tiles * (1 + transforms * per_channel) + kernel);
    if (cost >= least || points * channels * filters > kMostKernelFloats) return;
    best = static_cast<int>(size);
    least = cost;
  };
  consider(4, kFourTransforms);
  consider(2, kTwoTransforms);
  return best;
}

size_t winograd_correlate_scratch(const WinogradCorrelation& x, int threads) {
  return x.size == 4 ? make_plan<4>(x, nullptr, threads).bytes : make_plan<2>(x, nullptr, threads).bytes;
}

void winograd_correlate(const WinogradCorrelation& x, uint8_t* scratch, Parallel* parallel) {
  if (x.size == 4) run<4>(x, scratch, parallel);
  else run<2>(x, scratch, parallel);
}

}  // namespace cajal::CAJAL_ISA
