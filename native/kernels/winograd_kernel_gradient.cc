// Runs a WinogradKernelGradient: tiles of x and of dy go to points, where for each point a product of matrices
// [channels, tiles] · [tiles, filters] adds to the transformed gradient, which is brought back at the end.
// A small gradient stays in the second-level cache: tiles are cut into chunks that depend on shapes only, each sums
// into a gradient of its own, and those are added in order. A large one exists once, and all workers do a stage of a
// large block of tiles together; each of its elements is summed by one worker, block after block.
#include "winograd_kernel_gradient.h"

#include "dy_rows.h"
#include "panels.h"
#include "winograd_points.h"

namespace cajal::CAJAL_ISA {
namespace {

// A transformed gradient of more floats exists once.
constexpr int64_t kSmallGradientFloats = 192 * 1024;
// Floats of the transformed x and dy of a worker's block.
constexpr int64_t kWorkerFloats = 256 * 1024;
constexpr int64_t kMostChunks = 16;
constexpr int64_t kLeastBlock = 16;

struct Plan {
  TileGrid x, dy;
  int64_t points;
  int64_t tiles, block, blocks, chunks;
  bool is_shared;
  int64_t panels, filters;              // the latter rounded to vectors
  int64_t x_row;
  int64_t x_pitch, dy_pitch, sum_pitch;  // floats from point to point
  int64_t sum_floats;
  int64_t worker_floats;
  float* sums;  // [chunks][points][channels][filters]
  float* bias_sums;  // [chunks][filters]
  float* blocks_start;
  float* copies;
  int64_t copy_floats;
  size_t bytes;
};

template <int kSize>
Plan make_plan(const WinogradKernelGradient& g, uint8_t* scratch, int threads) {
  Plan plan = {};
  const int64_t tile_rows = ceil_divide(g.rows, kSize), tile_columns = ceil_divide(g.columns, kSize);
  plan.x = {g.x, g.height, g.width, g.channels, g.top, g.left, tile_rows, tile_columns, false, nullptr};
  const int64_t pixels = g.is_pooled ? 2 : 1;  // across one number of dy
  plan.dy = {g.dy,        g.rows / pixels, g.columns / pixels, g.filters, 0, 0, tile_rows,
             tile_columns, g.is_pooled,     g.places};
  plan.points = Winograd<kSize>::kPoints * Winograd<kSize>::kPoints;
  plan.tiles = g.pictures * tile_rows * tile_columns;
  plan.panels = panel_count(g.filters);
  plan.filters = (plan.panels - 1) * kTileColumns + panel_width(panel_columns(plan.panels - 1, g.filters));
  plan.x_row = round_up(g.channels, kLanes);
  plan.sum_pitch = g.channels * plan.filters + kGap;
  plan.sum_floats = plan.points * plan.sum_pitch;
  plan.is_shared = plan.sum_floats > kSmallGradientFloats;
  const int64_t tile_floats = plan.points * (plan.x_row + plan.filters);
  if (plan.is_shared) {
    plan.block = shared_block(tile_floats);
  } else {
    plan.block = smaller(plan.tiles / kMostChunks, kWorkerFloats / tile_floats);
  }
  plan.block = smaller(larger(plan.block, kLeastBlock), larger(1, plan.tiles));
  plan.blocks = ceil_divide(plan.tiles, plan.block);
  plan.chunks = plan.is_shared ? 1 : larger(1, smaller(plan.blocks, kMostChunks));
  plan.x_pitch = plan.block * plan.x_row + kGap;
  plan.dy_pitch = plan.block * plan.filters + kGap;
  plan.worker_floats = plan.points * (plan.x_pitch + plan.dy_pitch);
  plan.copy_floats = larger(patch_floats<kSize>(g.channels), patch_floats<kSize>(g.filters));
  ScratchCutter cutter(scratch);
  plan.sums = cutter.take<float>(plan.chunks * plan.sum_floats);
  if (g.is_pooled) plan.bias_sums = cutter.take<float>(plan.chunks * g.filters);
  plan.blocks_start = cutter.take<float>(plan.worker_floats * (plan.is_shared ? 1 : threads));
  plan.copies = cutter.take<float>(plan.copy_floats * threads);
  plan.bytes = cutter.bytes();
  return plan;
}

// Tiles of dy to panels of the right matrices, [points][panels][tiles][width]. `to` is the block's first tile, and the
// block has `tiles`.
template <int kSize>
CAJAL_NOINLINE void transform_dy(const Plan& plan, int64_t first, int64_t from, int64_t count, int64_t tiles, float* to,
                                 float* copy) {
  const int64_t last_panel = plan.panels - 1, last_width = plan.filters - last_panel * kTileColumns;
  const auto place = [=](int64_t tile, int64_t f) {
    const int64_t panel = f / kTileColumns, width = panel == last_panel ? last_width : kTileColumns;
    return to + panel * kTileColumns * tiles + (from + tile) * width + f % kTileColumns;
  };
  if (plan.dy.is_pooled) {
    transform_pooled_tiles<kSize, SpreadTransform<kSize>, false>(plan.dy, first + from, count, plan.dy_pitch, copy,
                                                                 place);
  } else {
    transform_tiles<kSize, SpreadTransform<kSize>>(plan.dy, first + from, count, plan.dy_pitch, copy, place);
  }
}

// Adds a block's share of what arrives at pooled values to the gradient of the bias.
void add_block_passing(const WinogradKernelGradient& g, const Plan& plan, int64_t block, int64_t first_filter,
                       int64_t filters, float* sums) {
  const int64_t windows = g.pictures * plan.dy.height * plan.dy.width;
  const int64_t first = block * windows / plan.blocks, last = (block + 1) * windows / plan.blocks;
  const int64_t at = first * g.filters + first_filter;
  add_passing(g.dy + at, g.places + at, g.filters, last - first, static_cast<int>(filters), sums + first_filter);
}

// Adds (or, at first, sets) what a block of tiles contributes to one point and one panel of filters.
void multiply(const WinogradKernelGradient& g, const Plan& plan, int64_t point, int64_t panel, int64_t tiles,
              bool is_first, const float* x, const float* dy, float* sums) {
  static const int64_t kNoSegments[1] = {0};
  Tile t = {};
  t.columns = panel_width(panel_columns(panel, g.filters));
  t.a = x + point * plan.x_pitch;
  t.a_segments = kNoSegments;
  t.a_row = 1;
  t.a_step = plan.x_row;
  t.b = dy + point * plan.dy_pitch + panel * kTileColumns * tiles;
  t.b_step = t.columns;
  t.c = sums + point * plan.sum_pitch + panel * kTileColumns;
  t.c_row = plan.filters;
  t.segments = 1;
  t.length = tiles;
  t.accumulate = !is_first;
  run_strip<Rows::kNeighbours>(t, g.channels);
}

// Adds the chunks' sums, chunk after chunk for each element, and brings them back to taps.
template <int kSize>
void transform_back(const WinogradKernelGradient& g, const Plan& plan, Parallel* parallel) {
  constexpr int kPoints = Winograd<kSize>::kPoints;
  parallel_for(parallel, g.channels, [&](int64_t channel, int) {
    for (int64_t f = 0; f < g.filters; f += kLanes) {
      const float* from = plan.sums + channel * plan.filters + f;
      vf columns[3][kPoints];
      CAJAL_UNROLL
      for (int j = 0; j < kPoints; j++) {
        vf u[kPoints], taps[3];
        CAJAL_UNROLL
        for (int i = 0; i < kPoints; i++) {
          const float* point = from + (i * kPoints + j) * plan.sum_pitch;
          u[i] = load(point);
          for (int64_t chunk = 1; chunk < plan.chunks; chunk++) u[i] += load(point + chunk * plan.sum_floats);
        }
        Winograd<kSize>::gather(u, taps);
        CAJAL_UNROLL
        for (int i = 0; i < 3; i++) columns[i][j] = taps[i];
      }
      const int lanes = static_cast<int>(smaller(kLanes, g.filters - f));
      CAJAL_UNROLL
      for (int i = 0; i < 3; i++) {
        vf taps[3];
        Winograd<kSize>::gather(columns[i], taps);
        CAJAL_UNROLL
        for (int j = 0; j < 3; j++) {
          store_partial(g.dkernel + ((i * 3 + j) * g.channels + channel) * g.filters + f, taps[j], lanes);
        }
      }
    }
  });
}

template <int kSize>
void run(const WinogradKernelGradient& g, uint8_t* scratch, Parallel* parallel) {
  const Plan plan = make_plan<kSize>(g, scratch, parallel->threads);
  if (plan.tiles <= 0) {
    clear_floats(g.dkernel, 9 * g.channels * g.filters);
    if (g.is_pooled) clear_floats(g.dbias, g.filters);
    return;
  }
  if (g.is_pooled) clear_floats(plan.bias_sums, plan.chunks * g.filters);
  if (!plan.is_shared) {
    parallel_for(parallel, plan.chunks, [&](int64_t chunk, int worker) {
      float* x = plan.blocks_start + worker * plan.worker_floats;
      float* dy = x + plan.points * plan.x_pitch;
      float* copy = plan.copies + worker * plan.copy_floats;
      const int64_t first_block = chunk * plan.blocks / plan.chunks, last = (chunk + 1) * plan.blocks / plan.chunks;
      for (int64_t block = first_block; block < last; block++) {
        const int64_t first = block * plan.block, count = smaller(plan.block, plan.tiles - first);
        transform_input<kSize>(plan.x, first, count, x, plan.x_pitch, copy);
        transform_dy<kSize>(plan, first, 0, count, count, dy, copy);
        if (g.is_pooled) add_block_passing(g, plan, block, 0, g.filters, plan.bias_sums + chunk * g.filters);
        for (int64_t point = 0; point < plan.points; point++) {
          for (int64_t panel = 0; panel < plan.panels; panel++) {
            multiply(g, plan, point, panel, count, block == first_block, x, dy, plan.sums + chunk * plan.sum_floats);
          }
        }
      }
    });
  } else {
    float* x = plan.blocks_start;
    float* dy = x + plan.points * plan.x_pitch;
    for (int64_t block = 0; block < plan.blocks; block++) {
      const int64_t first = block * plan.block, count = smaller(plan.block, plan.tiles - first);
      parallel_for(parallel, ceil_divide(count, kSharedTiles), [&](int64_t part, int worker) {
        const int64_t from = part * kSharedTiles, tiles = smaller(kSharedTiles, count - from);
        float* copy = plan.copies + worker * plan.copy_floats;
        transform_input<kSize>(plan.x, first + from, tiles, x + from * plan.x_row, plan.x_pitch, copy);
        transform_dy<kSize>(plan, first, from, tiles, count, dy, copy);
      });
      const int64_t products = plan.points * plan.panels;
      parallel_for(parallel, products + (g.is_pooled ? plan.panels : 0), [&](int64_t item, int) {
        if (item >= products) {
          const int64_t panel = item - products;
          const int filters = panel_columns(panel, g.filters);
          return add_block_passing(g, plan, block, panel * kTileColumns, filters, plan.bias_sums);
        }
        multiply(g, plan, item / plan.panels, item % plan.panels, count, block == 0, x, dy, plan.sums);
      });
    }
  }
  transform_back<kSize>(g, plan, parallel);
  if (!g.is_pooled) return;
  copy_floats(plan.bias_sums, g.dbias, g.filters);
  for (int64_t chunk = 1; chunk < plan.chunks; chunk++) {
    for (int64_t f = 0; f < g.filters; f++) g.dbias[f] += plan.bias_sums[chunk * g.filters + f];
  }
}

}  // namespace

size_t winograd_kernel_gradient_scratch(const WinogradKernelGradient& g, int threads) {
  return g.size == 4 ? make_plan<4>(g, nullptr, threads).bytes : make_plan<2>(g, nullptr, threads).bytes;
}

void winograd_kernel_gradient(const WinogradKernelGradient& g, uint8_t* scratch, Parallel* parallel) {
  if (g.size == 4) run<4>(g, scratch, parallel);
  else run<2>(g, scratch, parallel);
}

}  // namespace cajal::CAJAL_ISA
