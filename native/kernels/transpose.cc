// The axes of an array in another order. Where the last axis stays last, runs are copied; otherwise squares are turned over, so
// that both sides are read and written in runs.
#include "../include/cajal.h"
#include "../include/ops.h"
#include "box.h"

namespace cajal::CAJAL_ISA {

int transpose(const Invocation& invocation);
size_t transpose_scratch(const Invocation& invocation);

namespace {

constexpr int64_t kRows = 128, kColumns = 64;  // of y in a tile, about

// A box of which y's last axis and x's last axis are two: neighbours along `row` lie side by side in x, those along `column`
// in y.
struct Turn {
  Box outer;
  int64_t rows, row_to;          // along x's last axis: strides 1 in x, row_to in y
  int64_t columns, column_from;  // along y's last axis: strides column_from in x, 1 in y
};

// y[i · row_to + j] = x[j · column_from + i] for a square of lanes.
template <bool kStreams>
CAJAL_INLINE void turn_square(const float* from, int64_t column_from, float* to, int64_t row_to) {
  vf rows[kLanes];
  CAJAL_UNROLL
  for (int j = 0; j < kLanes; j++) rows[j] = load(from + j * column_from);
  transpose_lanes(rows);
  CAJAL_UNROLL
  for (int i = 0; i < kLanes; i++) {
    if (kStreams) store_streaming(to + i * row_to, rows[i]);
    else store(to + i * row_to, rows[i]);
  }
}

template <bool kStreams>
void turn_tile(const Turn& turn, const float* from, float* to, int64_t rows, int64_t columns) {
  const int64_t whole_rows = rows / kLanes * kLanes, whole_columns = columns / kLanes * kLanes;
  // What is read lies apart, and is asked for in the order of memory.
  for (int64_t j = 0; j < columns; j++) {
    for (int64_t i = 0; i < rows; i += 16) prefetch(from + j * turn.column_from + i);
  }
  for (int64_t i = 0; i < whole_rows; i += kLanes) {
    for (int64_t j = 0; j < whole_columns; j += kLanes) {
      turn_square<kStreams>(from + j * turn.column_from + i, turn.column_from, to + i * turn.row_to + j, turn.row_to);
    }
  }
  for (int64_t i = 0; i < rows; i++) {
    const int64_t first = i < whole_rows ? whole_columns : 0;
    for (int64_t j = first; j < columns; j++) to[i * turn.row_to + j] = from[j * turn.column_from + i];
  }
  if (kStreams) finish_streaming();
}

void turn_box(Parallel* parallel, const Turn& turn, const float* from, float* to) {
  const int64_t row_tiles = ceil_divide(turn.rows, kRows), column_tiles = ceil_divide(turn.columns, kColumns);
  int64_t places = 1;
  for (int axis = 0; axis < turn.outer.axes; axis++) places *= turn.outer.sizes[axis];
  // Small boxes share a tile.
  const int64_t floats = smaller(turn.rows, kRows) * smaller(turn.columns, kColumns);
  const int64_t parts = places * row_tiles * column_tiles, tile_parts = larger(1, kMovedFloats / floats);
  const bool streams = places * turn.rows * turn.columns > kFloatsPastCaches;
  parallel_for(parallel, ceil_divide(parts, tile_parts), [&](int64_t tile, int) {
    const int64_t last = smaller(parts, (tile + 1) * tile_parts);
    for (int64_t part = tile * tile_parts; part < last; part++) {
      const int64_t row = part % row_tiles * kRows, column = part / row_tiles % column_tiles * kColumns;
      int64_t rest = part / row_tiles / column_tiles;
      const float* source = from + row + column * turn.column_from;
      float* target = to + row * turn.row_to + column;
      for (int axis = turn.outer.axes - 1; axis >= 0; axis--) {
        const int64_t place = rest % turn.outer.sizes[axis];
        rest /= turn.outer.sizes[axis];
        source += place * turn.outer.from_strides[axis];
        target += place * turn.outer.to_strides[axis];
      }
      const int64_t rows = smaller(kRows, turn.rows - row), columns = smaller(kColumns, turn.columns - column);
      if (streams) turn_tile<true>(turn, source, target, rows, columns);
      else turn_tile<false>(turn, source, target, rows, columns);
    }
  });
}

}  // namespace

size_t transpose_scratch(const Invocation&) { return 0; }

int transpose(const Invocation& invocation) {
  const Tensor &x = invocation.inputs[0], &y = invocation.outputs[0];
  const int32_t* permutation = reinterpret_cast<const TransposeAttributes*>(invocation.attributes)->permutation;
  const auto* from = reinterpret_cast<const float*>(x.data);
  auto* to = reinterpret_cast<float*>(y.data);
  const Strides source(x), target(y);
  // In the order of y's axes, so that neighbours which stay neighbours are merged.
  Box box;
  for (int axis = 0; axis < y.rank; axis++) box.add(y.sizes[axis], source.of[permutation[axis]], target.of[axis]);
  const int last = box.axes - 1;
  if (last < 0 || box.from_strides[last] == 1) {
    copy_box(invocation.parallel, box, from, to);
    return kCajalOk;
  }
  Turn turn = {};
  turn.columns = box.sizes[last];
  turn.column_from = box.from_strides[last];
  for (int axis = 0; axis < last; axis++) {
    if (box.from_strides[axis] == 1) {
      turn.rows = box.sizes[axis];
      turn.row_to = box.to_strides[axis];
    } else {
      turn.outer.add(box.sizes[axis], box.from_strides[axis], box.to_strides[axis]);
    }
  }
  turn_box(invocation.parallel, turn, from, to);
  return kCajalOk;
}

}  // namespace cajal::CAJAL_ISA
