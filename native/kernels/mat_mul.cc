// Matrix product: y = activation(a·b + bias), with a [m, k] or [k, m], b [k, n] or [n, k], y [m, n].
// Two ways to the same sums. Usually rows of y are a tile's rows and blocks of b its columns. Where b is transposed and
// y has few rows, rows of b are a tile's rows and rows of y its columns, so that b is read once as it lies.
// Long sums over k are cut into chunks that depend on k and n only, so a row of y does not depend on their number.
#include "mat_mul.h"

#include "../include/ops.h"
#include "panels.h"
#include "parallel_for.h"
#include "picture_rows.h"

namespace cajal::CAJAL_ISA {
namespace {

constexpr int64_t kBlockSteps = 128;     // of k for which b is packed
constexpr int64_t kBlockColumns = 256;   // of b: with the steps, 128 KB
constexpr int64_t kBlockRows = 20 * 12;  // of y
constexpr int64_t kLeftPitch = kBlockSteps + 16;  // no power of two, so that a tile's rows spread over the cache
constexpr int64_t kEnoughTiles = 24;
constexpr int64_t kMostSwappedRows = 96;  // of y
constexpr int64_t kSwappedStrip = 192;    // rows of b in one go
constexpr int64_t kLineFloats = 16;       // of a cache line
constexpr int64_t kStreamedFloats = 4 * 1024 * 1024;  // a y that is larger is written past the caches

struct Product {
  const float* a;
  const float* b;
  const float* bias;  // null, or padded to whole panels
  float* y;
  int64_t m, k, n;
  bool is_a_transposed, is_b_transposed, relu;
  int64_t chunks;

  // Scratch.
  float* partials;  // [chunks, rows, n] for kBlockRows rows at a time; null with one chunk
  float* padded_bias;
  float* right;    // per worker: a block of b, packed
  float* left;     // per worker: a block of a, put together
  float* swapped;  // a, packed
  float* strips;   // per worker: transposed pieces of y
  size_t bytes;
};

bool is_swapped(const Product& p) { return p.is_b_transposed && p.m <= kMostSwappedRows; }

Product prepare(const Invocation& invocation) {
  const auto& attributes = *reinterpret_cast<const MatMulAttributes*>(invocation.attributes);
  const int threads = invocation.parallel->threads;
  Product p = {};
  p.a = reinterpret_cast<const float*>(invocation.inputs[0].data);
  p.b = reinterpret_cast<const float*>(invocation.inputs[1].data);
  p.y = reinterpret_cast<float*>(invocation.outputs[0].data);
  p.is_a_transposed = attributes.transpose_a != 0;
  p.is_b_transposed = attributes.transpose_b != 0;
  p.relu = attributes.activation != 0;
  p.m = invocation.outputs[0].sizes[0];
  p.n = invocation.outputs[0].sizes[1];
  p.k = invocation.inputs[0].sizes[p.is_a_transposed ? 0 : 1];
  p.chunks = product_chunks(p.k, p.n);

  ScratchCutter cutter(invocation.scratch);
  if (invocation.input_count > 2) p.padded_bias = cutter.take<float>(panel_count(p.n) * kTileColumns);
  if (p.chunks > 1) p.partials = cutter.take<float>(p.chunks * smaller(p.m, kBlockRows) * p.n);
  // Both ways' scratch, so that a smaller batch, which may go the other way, never needs more.
  if (p.is_b_transposed) {
    p.swapped = cutter.take<float>(panel_floats(p.k, smaller(p.m, kMostSwappedRows)));
    p.strips = cutter.take<float>(kSwappedStrip * kTileColumns * threads);
  }
  p.right = cutter.take<float>(kBlockSteps * kBlockColumns * threads);
  p.left = cutter.take<float>(kLeftPitch * kBlockRows * threads);
  p.bytes = cutter.bytes();
  return p;
}

// Rows first_row … of y, columns of one block, steps of one chunk. `to` is where the first row's first column goes.
void multiply_block(const Product& p, int64_t first_row, int64_t rows, int64_t first_column, int64_t columns,
                    int64_t first_step, int64_t last_step, float* to, int worker) {
  float* right = p.right + worker * kBlockSteps * kBlockColumns;
  const int64_t nowhere = 0;
  // Few rows do not pay for packing b.
  const bool is_direct = !p.is_b_transposed && columns % kTileColumns == 0 && rows <= kTileRows;
  int64_t step = first_step;
  do {
    const int64_t steps = smaller(kBlockSteps, last_step - step);
    const bool is_last = p.chunks == 1 && step + steps >= last_step;
    Tile t = {};
    t.a_segments = &nowhere;
    t.segments = 1;
    t.length = steps;
    t.b_segment = 0;
    t.c_row = p.n;
    t.accumulate = step > first_step;
    t.relu = is_last && p.relu;
    t.streams = is_last && p.m * p.n > kStreamedFloats && steps == last_step - first_step;
    float* left = p.left + worker * kLeftPitch * kBlockRows;
    if (p.is_a_transposed) {
      for (int64_t i = 0; i < steps; i++) copy_floats(p.a + (step + i) * p.m + first_row, left + i * rows, rows);
      t.a = left;
      t.a_row = 1;
      t.a_step = rows;
    } else if (rows <= kTileRows || p.k % 256 != 0) {
      t.a = p.a + first_row * p.k + step;
      t.a_row = p.k;
      t.a_step = 1;
    } else {
      for (int64_t i = 0; i < rows; i++) copy_floats(p.a + (first_row + i) * p.k + step, left + i * kLeftPitch, steps);
      t.a = left;
      t.a_row = kLeftPitch;
      t.a_step = 1;
    }
    for (int64_t panel = 0; panel < panel_count(columns); panel++) {
      const int64_t column = first_column + panel * kTileColumns;
      t.columns = panel_columns(panel, columns);
      if (is_direct) {
        t.b = p.b + step * p.n + column;
        t.b_step = p.n;
      } else {
        float* packed = right + panel * kTileColumns * steps;
        if (p.is_b_transposed) {
          pack_columns(p.b + column * p.k + step, p.k, steps, t.columns, packed);
        } else {
          pack_rows(p.b + step * p.n + column, p.n, steps, t.columns, packed);
        }
        t.b = packed;
        t.b_step = panel_width(t.columns);
      }
      t.c = to + panel * kTileColumns;
      if (!p.is_b_transposed && step + steps < last_step) {  // this panel of the next block
        t.ahead = p.b + (step + steps) * p.n + column;
        t.ahead_step = p.n;
        t.ahead_part = kLineFloats;
        t.ahead_parts = ceil_divide(t.columns, kLineFloats);
      }
      t.bias = is_last && p.bias ? p.bias + column : nullptr;
      if (p.is_a_transposed) {
        run_strip<Rows::kNeighbours>(t, rows);
      } else {
        run_strip<Rows::kStrided>(t, rows);
      }
    }
    if (t.streams) finish_streaming();
    step += steps;
  } while (step < last_step);
}

// Rows of y come from partial sums: chunk after chunk, then bias and activation.
void add_partials(const Product& p, int64_t first_row, int64_t rows, Parallel* parallel) {
  constexpr int64_t kPiece = 1024;
  const int64_t pieces = ceil_divide(p.n, kPiece);
  parallel_for(parallel, rows * pieces, [&](int64_t tile, int) {
    const int64_t row = tile / pieces, end = smaller(p.n, (tile % pieces + 1) * kPiece);
    for (int64_t j = tile % pieces * kPiece; j < end; j += kLanes) {
      const int count = static_cast<int>(smaller(kLanes, end - j));
      vf sum = load_partial(p.partials + row * p.n + j, count);
      for (int64_t chunk = 1; chunk < p.chunks; chunk++) {
        sum += load_partial(p.partials + (chunk * rows + row) * p.n + j, count);
      }
      if (p.bias) sum += load(p.bias + j);
      if (p.relu) sum = relu(sum);
      store_partial(p.y + (first_row + row) * p.n + j, sum, count);
    }
  });
}

void multiply(const Product& p, Parallel* parallel) {
  const int64_t column_blocks = ceil_divide(p.n, kBlockColumns);
  // With chunks, partial sums are kept for one block of rows at a time.
  const int64_t rows_at_once = p.chunks > 1 ? kBlockRows : larger(1, p.m);
  for (int64_t start = 0; start < p.m; start += rows_at_once) {
    const int64_t all_rows = smaller(rows_at_once, p.m - start);
    const int64_t row_blocks = ceil_divide(all_rows, kBlockRows);
    // Fewer columns to a tile where there would be too few tiles for the threads.
    const int64_t tiles = row_blocks * column_blocks * p.chunks;
    const int64_t split = smaller(kBlockColumns / kTileColumns, ceil_divide(kEnoughTiles, tiles));
    const int64_t tile_columns = ceil_divide(kBlockColumns / kTileColumns, split) * kTileColumns;
    const int64_t columns_tiles = ceil_divide(p.n, tile_columns);
    parallel_for(parallel, row_blocks * columns_tiles * p.chunks, [&](int64_t tile, int worker) {
      const int64_t chunk = tile % p.chunks, column = tile / p.chunks % columns_tiles * tile_columns;
      const int64_t row = tile / p.chunks / columns_tiles * kBlockRows;
      float* to = p.partials ? p.partials + (chunk * all_rows + row) * p.n : p.y + (start + row) * p.n;
      multiply_block(p, start + row, smaller(kBlockRows, all_rows - row), column, smaller(tile_columns, p.n - column),
                     chunk * p.k / p.chunks, (chunk + 1) * p.k / p.chunks, to + column, worker);
    });
    if (p.chunks > 1) add_partials(p, start, all_rows, parallel);
  }
}

// Writes a strip of transposed y, [columns of y, width], to rows of y; with one chunk adds bias and activation.
void put_transposed(const Product& p, const float* strip, int width, int valid, int64_t first_row, int64_t first_column,
                    int64_t columns, float* to) {
  float* start = to + first_row * p.n + first_column;
  int64_t j = 0;
  for (; j + 4 <= columns; j += 4) {
    int i = 0;
    for (; i + 4 <= valid; i += 4) transpose_4x4(strip + j * width + i, width, start + i * p.n + j, p.n);
    for (; i < valid; i++) {
      for (int64_t q = j; q < j + 4; q++) start[i * p.n + q] = strip[q * width + i];
    }
  }
  for (; j < columns; j++) {
    for (int i = 0; i < valid; i++) start[i * p.n + j] = strip[j * width + i];
  }
  if (p.chunks > 1 || (!p.bias && !p.relu)) return;
  for (int i = 0; i < valid; i++) {
    for (j = 0; j < columns; j += kLanes) {
      const int count = static_cast<int>(smaller(kLanes, columns - j));
      vf y = load_partial(start + i * p.n + j, count);
      if (p.bias) y += load_partial(p.bias + first_column + j, count);
      store_partial(start + i * p.n + j, p.relu ? relu(y) : y, count);
    }
  }
}

// b is [n, k] and m is small: tiles of transposed y, whose rows go along b.
void multiply_swapped(const Product& p, Parallel* parallel) {
  const int64_t panels = panel_count(p.m);
  if (p.is_a_transposed) {
    pack_panels(p.a, p.m, p.k, p.m, p.swapped, parallel);
  } else {
    constexpr int64_t kSteps = 512;
    const int64_t stretches = larger(1, ceil_divide(p.k, kSteps));
    parallel_for(parallel, panels * stretches, [&](int64_t tile, int) {
      const int64_t panel = tile / stretches, step = tile % stretches * kSteps;
      const int columns = panel_columns(panel, p.m);
      pack_columns(p.a + panel * kTileColumns * p.k + step, p.k, smaller(kSteps, p.k - step), columns,
                   p.swapped + panel * kTileColumns * p.k + step * panel_width(columns));
    });
  }
  const int64_t strips = ceil_divide(p.n, kSwappedStrip);
  const int64_t nowhere = 0;
  parallel_for(parallel, strips * p.chunks, [&](int64_t tile, int worker) {
    const int64_t chunk = tile % p.chunks, first = tile / p.chunks * kSwappedStrip;
    const int64_t rows = smaller(kSwappedStrip, p.n - first);
    const int64_t step = chunk * p.k / p.chunks, last = (chunk + 1) * p.k / p.chunks;
    float* strip = p.strips + worker * kSwappedStrip * kTileColumns;
    float* to = p.partials ? p.partials + chunk * p.m * p.n : p.y;
    for (int64_t panel = 0; panel < panels; panel++) {
      Tile t = {};
      t.columns = panel_columns(panel, p.m);
      const int width = panel_width(t.columns), valid = t.columns;
      t.columns = width;
      t.a = p.b + first * p.k + step;
      t.a_segments = &nowhere;
      t.a_row = p.k;
      t.a_step = 1;
      t.b = p.swapped + panel * kTileColumns * p.k + step * width;
      t.b_step = width;
      t.b_segment = 0;
      t.c = strip;
      t.c_row = width;
      t.segments = 1;
      t.length = last - step;
      t.bias = nullptr;
      t.accumulate = false;
      t.relu = false;
      if (panel == 0 && p.chunks == 1) {  // the rows of b for the next tile
        t.ahead = t.a + kTileRows * p.k;
        t.ahead_step = kLineFloats;
        t.ahead_part = kTileRows * p.k;
        t.ahead_parts = rows / kTileRows;
      }
      run_strip<Rows::kStrided>(t, rows);
      put_transposed(p, strip, width, valid, panel * kTileColumns, first, rows, to);
    }
  });
  if (p.chunks > 1) add_partials(p, 0, p.m, parallel);
}

}  // namespace

size_t mat_mul_scratch(const Invocation& invocation) { return prepare(invocation).bytes; }

int mat_mul(const Invocation& invocation) {
  Product p = prepare(invocation);
  if (p.m <= 0 || p.n <= 0) return 0;
  if (p.padded_bias) {
    clear_floats(p.padded_bias, panel_count(p.n) * kTileColumns);
    copy_floats(reinterpret_cast<const float*>(invocation.inputs[2].data), p.padded_bias, p.n);
    p.bias = p.padded_bias;
  }
  if (is_swapped(p)) {
    multiply_swapped(p, invocation.parallel);
  } else {
    multiply(p, invocation.parallel);
  }
  return 0;
}

}  // namespace cajal::CAJAL_ISA
