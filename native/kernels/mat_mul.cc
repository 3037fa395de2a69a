// Matrix product: y = activation(a·b + bias), with a [m, k] or [k, m], b [k, n] or [n, k], y [m, n].
// Two ways to the same sums. Usually rows of y are a tile's rows and blocks of b its columns. Where b is transposed,
// and y has few rows or k is long, rows of b are a tile's rows and rows of y its columns, so that b is read once, as it
// lies, and the smaller matrices are the ones that are transposed.
// Long sums over k are cut into chunks that depend on k and n only, so a row of y does not depend on their number.
#include "mat_mul.h"

#include "../include/ops.h"
#include "panels.h"
#include "parallel_for.h"
#include "picture_rows.h"

namespace cajal::CAJAL_ISA {
namespace {

constexpr int64_t kBlockSteps = kLanes > 4 ? 128 : 512;              // of k before the next ones are fetched
constexpr int64_t kGroupColumns = kLanes > 4 ? 128 : 32;            // of b that are packed in one go: with the steps, 64 KB
constexpr int64_t kGap = 16;                      // between packed panels, which would meet in one set of the cache
constexpr int64_t kBlockRows = 20 * 12;           // of y
constexpr int64_t kBlockColumns = 1024;           // of y
constexpr int64_t kBlockSums = 128 * 1024;        // of y, which stay in the cache from steps to steps
constexpr int64_t kLeftPitch = kBlockSteps + 16;  // no power of two, so that a tile's rows spread over the cache
constexpr int64_t kRightFloats = (kBlockSteps * kTileColumns + kGap) * (kGroupColumns / kTileColumns);
constexpr int64_t kEnoughTiles = 16;
constexpr int64_t kEnoughDirectTiles = 128;  // where b is read as it lies: few columns, whose next steps come soon
constexpr int64_t kFewRows = 96;          // of y
constexpr int64_t kManySteps = 256;       // of k
constexpr bool kSwapsMany = kLanes > 4;   // with narrow vectors copying rows of b costs more than transposing it
constexpr int64_t kSwappedRows = 192;     // of b in one go
constexpr int64_t kCopiedRows = 11 * 12;  // the same where they are copied first
constexpr int64_t kSwappedColumns = 256;  // of y
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

void ask_ahead(Tile& t, const float* from, int64_t pitch, int64_t columns) {
  t.ahead = from;
  t.ahead_step = pitch;
  t.ahead_part = kLineFloats;
  t.ahead_parts = ceil_divide(columns, kLineFloats);
}

void ask_nothing_ahead(Tile& t) {
  t.ahead = nullptr;
  t.ahead_step = t.ahead_part = t.ahead_parts = 0;
}

// Memory that will be needed soon, asked for in shares before each tile: all at once would hold up the tiles.
struct LinesAhead {
  const float* from;
  int64_t pitch, rows, lines, line, share;

  void ask() {
    for (int64_t i = 0; i < share && rows > 0; i++) {
      prefetch(from + line * kLineFloats);
      if (++line < lines) continue;
      line = 0;
      from += pitch;
      rows--;
    }
  }
};

LinesAhead lines_ahead(const float* from, int64_t pitch, int64_t rows, int64_t columns, int64_t tiles) {
  const int64_t lines = ceil_divide(columns, kLineFloats);
  return {from, pitch, rows, lines, 0, ceil_divide(rows * lines, tiles)};
}

// Many rows must pay for transposing y, and leave enough strips for the threads.
bool may_swap_many_rows(const Product& p) { return kSwapsMany && p.k >= kManySteps && p.n >= kEnoughTiles * kCopiedRows; }

bool is_swapped(const Product& p) { return p.is_b_transposed && (p.m <= kFewRows || may_swap_many_rows(p)); }

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
    p.swapped = cutter.take<float>(panel_floats(p.k, may_swap_many_rows(p) ? p.m : smaller(p.m, kFewRows)));
    p.strips = cutter.take<float>(kSwappedRows * kSwappedColumns * threads);
  }
  p.right = cutter.take<float>(kRightFloats * threads);
  p.left = cutter.take<float>(kLeftPitch * kBlockRows * threads);
  p.bytes = cutter.bytes();
  return p;
}

// A group of panels of b, packed row after row, because neighbours in a row lie side by side in memory.
void pack_group(const Product& p, int64_t first_step, int64_t steps, int64_t first_column, int64_t columns, float* to) {
  if (p.is_b_transposed) {
    for (int64_t panel = 0; panel < panel_count(columns); panel++) {
      const int64_t column = first_column + panel * kTileColumns;
      pack_columns(p.b + column * p.k + first_step, p.k, steps, panel_columns(panel, columns),
                   to + panel * (kTileColumns * steps + kGap));
    }
    return;
  }
  const float* from = p.b + first_step * p.n + first_column;
  const int64_t panels = columns / kTileColumns, rest = columns % kTileColumns;
  for (int64_t step = 0; step < steps; step++) {
    for (int64_t panel = 0; panel < panels; panel++) {
      for (int j = 0; j < kTileColumns; j += kLanes) {
        store(to + panel * (kTileColumns * steps + kGap) + step * kTileColumns + j,
              load(from + step * p.n + panel * kTileColumns + j));
      }
    }
  }
  if (rest) {
    pack_rows(from + panels * kTileColumns, p.n, steps, static_cast<int>(rest), to + panels * (kTileColumns * steps + kGap));
  }
}

// Rows first_row … of y, columns of one block, steps of one chunk. `to` is where the first row's first column goes.
void multiply_block(const Product& p, int64_t first_row, int64_t rows, int64_t first_column, int64_t columns,
                    int64_t first_step, int64_t last_step, float* to, int worker) {
  float* right = p.right + worker * kRightFloats;
  float* left = p.left + worker * kLeftPitch * kBlockRows;
  const int64_t nowhere = 0;
  // Few rows do not pay for packing b.
  const bool is_direct = !p.is_b_transposed && p.n % kLanes == 0 && rows <= kTileRows;
  const int64_t all_steps = last_step - first_step;
  const int64_t blocks = larger(1, ceil_divide(all_steps, kBlockSteps));
  // With few rows the next columns must come soon.
  const int64_t group_size = rows <= 4 * kTileRows ? kGroupColumns / 2 : kGroupColumns;
  for (int64_t block = 0; block < blocks; block++) {
    const int64_t step = first_step + all_steps * block / blocks;
    const int64_t next = first_step + all_steps * (block + 1) / blocks, steps = next - step;
    const bool is_last = p.chunks == 1 && block + 1 == blocks;
    Tile t = {};
    t.a_segments = &nowhere;
    t.segments = 1;
    t.length = steps;
    t.c_row = p.n;
    t.accumulate = block > 0;
    t.relu = is_last && p.relu;
    t.streams = is_last && blocks == 1 && p.m * p.n > kStreamedFloats;
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
    LinesAhead left_ahead = {};
    if (!p.is_a_transposed && rows > kTileRows && block + 1 < blocks) {
      left_ahead = lines_ahead(p.a + first_row * p.k + next, p.k, rows, steps,
                               panel_count(columns) * ceil_divide(rows, kTileRows));
    }
    for (int64_t group = 0; group < columns; group += group_size) {
      const int64_t group_columns = smaller(group_size, columns - group);
      if (!is_direct) pack_group(p, step, steps, first_column + group, group_columns, right);
      // What is packed next, or where b is read as it lies, the same columns of the next steps.
      const bool has_more_steps = block + 1 < blocks, has_more_columns = group + group_size < columns;
      const float* ahead = nullptr;
      if (!p.is_b_transposed && !is_direct && has_more_columns) {
        ahead = p.b + step * p.n + first_column + group + group_size;
      } else if (!p.is_b_transposed && has_more_steps) {
        ahead = p.b + next * p.n + first_column + (is_direct ? group : 0);
      }
      for (int64_t panel = 0; panel < panel_count(group_columns); panel++) {
        const int64_t column = first_column + group + panel * kTileColumns;
        t.columns = panel_columns(panel, group_columns);
        t.b = is_direct ? p.b + step * p.n + column : right + panel * (kTileColumns * steps + kGap);
        t.b_step = is_direct ? p.n : panel_width(t.columns);
        t.c = to + group + panel * kTileColumns;
        if (ahead) {
          ask_ahead(t, ahead + panel * kTileColumns, p.n, t.columns);
        } else {
          ask_nothing_ahead(t);
        }
        t.bias = is_last && p.bias ? p.bias + column : nullptr;
        if (p.is_a_transposed) {
          run_strip<Rows::kNeighbours>(t, rows);
        } else {
          run_strip<Rows::kStrided>(t, rows, [&] { left_ahead.ask(); });
        }
      }
    }
    if (t.streams) finish_streaming();
  }
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
  // With chunks, partial sums are kept for one block of rows at a time.
  const int64_t rows_at_once = p.chunks > 1 ? kBlockRows : larger(1, p.m);
  for (int64_t start = 0; start < p.m; start += rows_at_once) {
    const int64_t all_rows = smaller(rows_at_once, p.m - start);
    const int64_t tile_rows = round_up(ceil_divide(all_rows, ceil_divide(all_rows, kBlockRows)), kTileRows);
    const int64_t row_blocks = ceil_divide(all_rows, tile_rows);
    // Fewer columns to a tile where sums would not stay in the cache, or there would be too few tiles for the threads.
    const int64_t fitting = kBlockSums / tile_rows / kTileColumns * kTileColumns;
    const int64_t most = smaller(kBlockColumns, larger(kGroupColumns, fitting));
    const int64_t tiles = row_blocks * ceil_divide(p.n, most) * p.chunks;
    const int64_t enough = all_rows <= kTileRows ? kEnoughDirectTiles : kEnoughTiles;
    const int64_t parts = ceil_divide(p.n, most) * ceil_divide(enough, tiles);
    const int64_t tile_columns = round_up(ceil_divide(p.n, parts), kTileColumns);
    const int64_t column_blocks = ceil_divide(p.n, tile_columns);
    parallel_for(parallel, row_blocks * column_blocks * p.chunks, [&](int64_t tile, int worker) {
      const int64_t column = tile % column_blocks * tile_columns, chunk = tile / column_blocks % p.chunks;
      const int64_t row = tile / column_blocks / p.chunks * tile_rows;
      float* to = p.partials ? p.partials + (chunk * all_rows + row) * p.n : p.y + (start + row) * p.n;
      multiply_block(p, start + row, smaller(tile_rows, all_rows - row), column, smaller(tile_columns, p.n - column),
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

// A tile of work of `multiply_swapped`.
struct Strip {
  int64_t first_row, rows;          // of b
  int64_t first_panel, last_panel;  // of a
  int64_t chunk;
  bool is_copied;
  float* sums;  // [panels, kSwappedRows, kTileColumns]: y, transposed
  float* left;
};

void multiply_strip(const Product& p, const Strip& s) {
  const int64_t nowhere = 0;
  const int64_t first_step = s.chunk * p.k / p.chunks, all_steps = (s.chunk + 1) * p.k / p.chunks - first_step;
  const int64_t blocks = s.is_copied ? larger(1, ceil_divide(all_steps, kBlockSteps)) : 1;
  float* to = p.partials ? p.partials + s.chunk * p.m * p.n : p.y;
  for (int64_t block = 0; block < blocks; block++) {
    const int64_t step = first_step + all_steps * block / blocks;
    const int64_t next = first_step + all_steps * (block + 1) / blocks;
    const float* rows = p.b + s.first_row * p.k;
    Tile t = {};
    t.a = rows + step;
    t.a_row = p.k;
    if (s.is_copied) {
      for (int64_t i = 0; i < s.rows; i++) copy_floats(rows + i * p.k + step, s.left + i * kLeftPitch, next - step);
      t.a = s.left;
      t.a_row = kLeftPitch;
    }
    t.a_segments = &nowhere;
    t.a_step = 1;
    t.segments = 1;
    t.length = next - step;
    t.accumulate = block > 0;
    for (int64_t panel = s.first_panel; panel < s.last_panel; panel++) {
      t.columns = panel_width(panel_columns(panel, p.m));
      t.b = p.swapped + panel * kTileColumns * p.k + step * t.columns;
      t.b_step = t.columns;
      t.c = s.sums + (panel - s.first_panel) * kTileColumns * kSwappedRows;
      t.c_row = t.columns;
      if (panel == s.first_panel && !s.is_copied) {  // the rows for the next tile
        t.ahead = t.a + kTileRows * p.k;
        t.ahead_step = kLineFloats;
        t.ahead_part = kTileRows * p.k;
        t.ahead_parts = s.rows / kTileRows;
      } else if (panel == s.first_panel && block + 1 < blocks) {  // the next steps
        ask_ahead(t, rows + next, p.k, next - step);
      } else if (panel == s.first_panel) {  // the next strip
        ask_ahead(t, rows + kCopiedRows * p.k + first_step, p.k, next - step);
      } else if (panel == s.first_panel + 1 && block + 1 == blocks) {  // where the sums go
        ask_ahead(t, to + s.first_panel * kTileColumns * p.n + s.first_row, p.n, s.rows);
      } else {
        ask_nothing_ahead(t);
      }
      run_strip<Rows::kStrided>(t, s.rows);
    }
  }
  for (int64_t panel = s.first_panel; panel < s.last_panel; panel++) {
    const int columns = panel_columns(panel, p.m);
    put_transposed(p, s.sums + (panel - s.first_panel) * kTileColumns * kSwappedRows, panel_width(columns), columns,
                   panel * kTileColumns, s.first_row, s.rows, to);
  }
}

// b is [n, k]: tiles of transposed y, whose rows go along b.
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
  // Rows of b that are read for several panels are brought together, some steps at a time.
  const bool is_copied = kSwapsMany && panels > 2;
  const int64_t strip_rows = is_copied ? kCopiedRows : kSwappedRows;
  const int64_t strips = ceil_divide(p.n, strip_rows), groups = ceil_divide(p.m, kSwappedColumns);
  parallel_for(parallel, strips * groups * p.chunks, [&](int64_t tile, int worker) {
    Strip s = {};
    s.chunk = tile % p.chunks;
    s.first_row = tile / p.chunks % strips * strip_rows;
    s.rows = smaller(strip_rows, p.n - s.first_row);
    s.first_panel = tile / p.chunks / strips * (kSwappedColumns / kTileColumns);
    s.last_panel = smaller(panels, s.first_panel + kSwappedColumns / kTileColumns);
    s.is_copied = is_copied;
    s.sums = p.strips + worker * kSwappedRows * kSwappedColumns;
    s.left = p.left + worker * kLeftPitch * kBlockRows;
    multiply_strip(p, s);
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
