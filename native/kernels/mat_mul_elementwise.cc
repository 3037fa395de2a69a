// A matrix product aᵀ·b, with a [k, m] and b [k, n], and the elementwise code that is its only reader: a dense layer's
// weight gradient and what the optimizer does with it. A worker computes a block of whole rows and runs the code over it
// while it lies in the second-level cache, so the product never lies in memory. While a block is multiplied, what the code
// will read of weights and slots is on its way from memory.
#include "../include/ops.h"
#include "elementwise.h"
#include "mat_mul.h"
#include "panels.h"
#include "picture_rows.h"

namespace cajal::CAJAL_ISA {
namespace {

constexpr int64_t kBlockFloats = 24 * 1024;  // of the product, in whole tiles of rows
constexpr int64_t kGroupRows = 240;          // for which a is put together in one go, in whole blocks
constexpr int64_t kLeftFloats = 48 * 1024;   // of a for these rows, where a block has no more
constexpr int64_t kEnoughTiles = 24;
constexpr int64_t kLineFloats = 16;  // of a cache line
constexpr int kMostStreams = 8;

struct Product {
  const float* a;
  const float* b;
  int64_t m, k, n, chunks;
  int64_t block_rows, group_rows, left_floats, block_floats;
  ElementwiseLoop loop;
  const float* streams[kMostStreams];
  int stream_count;

  // Scratch.
  float* panels;    // b, packed
  float* left;      // per worker: columns of a
  float* blocks;    // per worker: rows of the product
  float* partials;  // per worker: the same of a chunk; unused with one chunk
  uint8_t* rest;
  size_t bytes;
};

// The part of an instruction that is elementwise code.
Invocation code_of(const Invocation& invocation, uint8_t* scratch) {
  constexpr int kWords = sizeof(MatMulAttributes) / sizeof(int32_t);
  return {invocation.inputs + 2,       invocation.outputs,      invocation.attributes + kWords,
          invocation.input_count - 2,  invocation.output_count, invocation.attribute_count - kWords,
          scratch,                     invocation.parallel};
}

Product prepare(const Invocation& invocation) {
  const int threads = invocation.parallel->threads;
  Product p = {};
  p.a = reinterpret_cast<const float*>(invocation.inputs[0].data);
  p.b = reinterpret_cast<const float*>(invocation.inputs[1].data);
  p.k = invocation.inputs[0].sizes[0];
  p.m = invocation.inputs[0].sizes[1];
  p.n = invocation.inputs[1].sizes[1];
  p.chunks = product_chunks(p.k, p.n);
  // Fewer rows to a block where there would be too few blocks for the threads.
  const int64_t rows = smaller(kGroupRows, smaller(kBlockFloats / p.n, ceil_divide(p.m, kEnoughTiles)));
  p.block_rows = larger(1, rows / kTileRows) * kTileRows;
  const int64_t most_rows = smaller(smaller(kGroupRows, kLeftFloats / p.k), ceil_divide(p.m, kEnoughTiles));
  p.group_rows = larger(1, most_rows / p.block_rows) * p.block_rows;

  p.left_floats = larger(kLeftFloats, p.block_rows * p.k);
  p.block_floats = round_up(p.block_rows * p.n + kLanes, kLineFloats);  // a vector more: the code reads whole ones

  ScratchCutter cutter(invocation.scratch);
  p.panels = cutter.take<float>(panel_floats(p.k, p.n));
  p.left = cutter.take<float>(p.left_floats * threads);
  p.blocks = cutter.take<float>(p.block_floats * threads);
  if (p.chunks > 1) p.partials = cutter.take<float>(p.block_floats * threads);
  p.rest = cutter.rest();
  p.bytes = cutter.bytes() + elementwise_loop_scratch(code_of(invocation, nullptr), 1);
  return p;
}

// Lets each tile of a strip ask for a part of what the code will read for this block. The strips take turns with the
// streams, so that all of them together ask for everything where k is long enough.
void look_ahead(const Product& p, Tile& t, int64_t panel, int64_t first, int64_t floats, int64_t parts) {
  const int64_t panels = panel_count(p.n);
  if (p.stream_count == 0 || panels < p.stream_count) return;
  const int64_t stream = panel * p.stream_count / panels;
  const int64_t start = ceil_divide(stream * panels, p.stream_count);
  const int64_t end = ceil_divide((stream + 1) * panels, p.stream_count);
  const int64_t from = (panel - start) * floats / (end - start), to = (panel + 1 - start) * floats / (end - start);
  t.ahead = p.streams[stream] + first * p.n + from;
  t.ahead_step = kLineFloats;
  t.ahead_part = (to - from) / parts;
  t.ahead_parts = parts;
}

// Rows first … first + rows - 1 of the product, from `left` [k, pitch], to `block`.
void multiply_block(const Product& p, const float* left, int64_t pitch, int64_t first, int64_t rows, int64_t first_step,
                    int64_t last_step, float* block) {
  const int64_t nowhere = 0;
  for (int64_t panel = 0; panel < panel_count(p.n); panel++) {
    Tile t = {};
    t.columns = panel_columns(panel, p.n);
    const int width = panel_width(t.columns);
    t.a = left + first_step * pitch;
    t.a_segments = &nowhere;
    t.a_row = 1;
    t.a_step = pitch;
    t.segments = 1;
    t.length = last_step - first_step;
    t.b = p.panels + panel * kTileColumns * p.k + first_step * width;
    t.b_step = width;
    t.c = block + panel * kTileColumns;
    t.c_row = p.n;
    if (first_step == 0) look_ahead(p, t, panel, first, rows * p.n, ceil_divide(rows, kTileRows));
    run_strip<Rows::kNeighbours>(t, rows);
  }
}

void run_group(const Product& p, int64_t group, int worker) {
  const int64_t start = group * p.group_rows, group_rows = smaller(p.group_rows, p.m - start);
  float* left = p.left + worker * p.left_floats;
  float* block = p.blocks + worker * p.block_floats;
  float* partial = p.partials + worker * p.block_floats;
  for (int64_t step = 0; step < p.k; step++) copy_floats(p.a + step * p.m + start, left + step * group_rows, group_rows);
  for (int64_t row = 0; row < group_rows; row += p.block_rows) {
    const int64_t rows = smaller(p.block_rows, group_rows - row), first = start + row;
    for (int64_t chunk = 0; chunk < p.chunks; chunk++) {
      multiply_block(p, left + row, group_rows, first, rows, chunk * p.k / p.chunks, (chunk + 1) * p.k / p.chunks,
                     chunk == 0 ? block : partial);
      if (chunk == 0) continue;
      for (int64_t i = 0; i < rows * p.n; i += kLanes) store(block + i, load(block + i) + load(partial + i));
    }
    run_elementwise(p.loop, first * p.n, (first + rows) * p.n, block, worker);
  }
}

}  // namespace

int mat_mul_elementwise(const Invocation& invocation);
size_t mat_mul_elementwise_scratch(const Invocation& invocation);

size_t mat_mul_elementwise_scratch(const Invocation& invocation) { return prepare(invocation).bytes; }

int mat_mul_elementwise(const Invocation& invocation) {
  Product p = prepare(invocation);
  p.loop = make_elementwise_loop(code_of(invocation, p.rest), 1);
  p.stream_count = elementwise_streams(p.loop, kMostStreams, p.streams);
  pack_panels(p.b, p.n, p.k, p.n, p.panels, invocation.parallel);
  parallel_for(invocation.parallel, ceil_divide(p.m, p.group_rows),
               [&](int64_t group, int worker) { run_group(p, group, worker); });
  return 0;
}

}  // namespace cajal::CAJAL_ISA
