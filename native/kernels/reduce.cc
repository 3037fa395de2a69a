// Sums and maxima over neighbouring axes: an array [outer, reduced, inner] becomes [outer, inner].
//
// The order of additions: rows of at least 256 numbers (several rows of the array side by side where `inner` is small)
// are added four at a time onto as many running sums; a block of some 2^16 numbers has sums of its own, and the blocks'
// sums are added one after another. Blocks depend on `reduced` and `inner` only.
#include "../include/cajal.h"
#include "../include/ops.h"
#include "../runtime/kernel.h"
#include "../simd/vec.h"

namespace cajal::CAJAL_ISA {

int reduce_sum(const Invocation& invocation);
size_t reduce_sum_scratch(const Invocation& invocation);
int reduce_max(const Invocation& invocation);
size_t reduce_max_scratch(const Invocation& invocation);

namespace {

constexpr int64_t kWidth = 256;         // least floats in a row of running sums
constexpr int64_t kWidest = 2048;       // most: 8 KiB
constexpr int64_t kBlock = 1 << 16;     // floats that one tile reads, about
constexpr int64_t kShortRow = 4 * kWidth;

struct Sum {
  static constexpr float kNone = 0;
  CAJAL_INLINE vf of(vf a, vf b) { return a + b; }
  CAJAL_INLINE float of(float a, float b) { return a + b; }
};

struct Maximum {
  static constexpr float kNone = -__builtin_inff();
  CAJAL_INLINE vf of(vf a, vf b) { return select(a != a, a, maximum(a, b)); }
  CAJAL_INLINE float of(float a, float b) { return a != a || a > b ? a : b; }
};

struct Work {
  const float* x;
  float* y;
  float* partial;  // [outer, row blocks, inner]; unused where there is one row block
  int64_t outer, reduced, inner;
  int64_t group;                       // rows side by side
  int64_t block_rows, row_blocks;      // rows of a block, a multiple of `group`
  int64_t block_columns, column_blocks;
  int64_t outer_per_tile;
};

int64_t ceil_divide(int64_t a, int64_t b) { return (a + b - 1) / b; }
int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

Work make_work(const Invocation& invocation) {
  const Tensor& x = invocation.inputs[0];
  const auto* attributes = reinterpret_cast<const ReduceSumAttributes*>(invocation.attributes);
  Work work = {};
  work.x = reinterpret_cast<const float*>(x.data);
  work.y = reinterpret_cast<float*>(invocation.outputs[0].data);
  work.partial = reinterpret_cast<float*>(invocation.scratch);
  work.outer = work.reduced = work.inner = 1;
  for (int axis = 0; axis < x.rank; axis++) {
    int64_t& part = axis < attributes->first_axis ? work.outer : axis <= attributes->last_axis ? work.reduced : work.inner;
    part *= x.sizes[axis];
  }
  work.group = work.inner >= kWidth ? 1 : least(ceil_divide(kWidth, work.inner), work.reduced);
  work.block_columns = least(work.inner, kWidest);
  work.column_blocks = ceil_divide(work.inner, work.block_columns);
  const int64_t rows = kBlock / work.block_columns;
  work.block_rows = least(work.reduced, ceil_divide(rows, work.group) * work.group);
  work.row_blocks = ceil_divide(work.reduced, work.block_rows);
  const int64_t tile = work.block_rows * work.block_columns;
  work.outer_per_tile = work.row_blocks * work.column_blocks == 1 && tile < kBlock ? kBlock / tile : 1;
  return work;
}

// sums[0 … width) = sums ∘ rows; each row begins `stride` floats after the one before.
template <typename Op>
void add_rows(const float* x, int64_t stride, int64_t rows, int64_t width, float* sums) {
  int64_t row = 0;
  for (; row + 4 <= rows; row += 4, x += 4 * stride) {
    const float *x1 = x + stride, *x2 = x1 + stride, *x3 = x2 + stride;
    int64_t column = 0;
    for (; column + kLanes <= width; column += kLanes) {
      const vf low = Op::of(load(x + column), load(x1 + column));
      const vf high = Op::of(load(x2 + column), load(x3 + column));
      store(sums + column, Op::of(load(sums + column), Op::of(low, high)));
    }
    for (; column < width; column++) {
      sums[column] = Op::of(sums[column], Op::of(Op::of(x[column], x1[column]), Op::of(x2[column], x3[column])));
    }
  }
  for (; row < rows; row++, x += stride) {
    int64_t column = 0;
    for (; column + kLanes <= width; column += kLanes) store(sums + column, Op::of(load(sums + column), load(x + column)));
    for (; column < width; column++) sums[column] = Op::of(sums[column], x[column]);
  }
}

// One block: rows × columns numbers, rows `inner` floats apart.
template <typename Op>
void reduce_block(const float* x, int64_t inner, int64_t group, int64_t rows, int64_t columns, float* to) {
  alignas(64) float sums[kWidest];
  if (group == 1) {
    for (int64_t column = 0; column < columns; column++) sums[column] = Op::kNone;
    add_rows<Op>(x, inner, rows, columns, sums);
  } else {
    int64_t width = group * inner;
    for (int64_t column = 0; column < width; column++) sums[column] = Op::kNone;
    const int64_t whole = rows / group;
    add_rows<Op>(x, width, whole, width, sums);
    add_rows<Op>(x + whole * width, width, 1, (rows - whole * group) * inner, sums);
    // The groups side by side onto each other, the upper half onto the lower.
    for (int64_t left = group; left > 1; left = (left + 1) / 2) {
      const int64_t kept = (left + 1) / 2;
      add_rows<Op>(sums + kept * inner, 0, 1, (left - kept) * inner, sums);
    }
  }
  for (int64_t column = 0; column < columns; column++) to[column] = sums[column];
}

// One short row of neighbouring numbers.
template <typename Op>
float reduce_row(const float* x, int64_t count) {
  float result = Op::kNone;
  if (count >= kLanes) {
    vf sums = load(x);
    int64_t index = kLanes;
    for (; index + kLanes <= count; index += kLanes) sums = Op::of(sums, load(x + index));
    float lanes[kLanes];
    store(lanes, sums);
    for (int half = kLanes / 2; half > 0; half /= 2) {
      for (int lane = 0; lane < half; lane++) lanes[lane] = Op::of(lanes[lane], lanes[lane + half]);
    }
    result = lanes[0];
    x += index;
    count -= index;
  }
  for (int64_t index = 0; index < count; index++) result = Op::of(result, x[index]);
  return result;
}

template <typename Op>
void run_block(void* context, int64_t tile, int) {
  const Work& work = *static_cast<const Work*>(context);
  if (work.outer_per_tile > 1) {
    const int64_t end = least(work.outer, (tile + 1) * work.outer_per_tile);
    for (int64_t outer = tile * work.outer_per_tile; outer < end; outer++) {
      const float* x = work.x + outer * work.reduced * work.inner;
      if (work.inner == 1 && work.reduced <= kShortRow) work.y[outer] = reduce_row<Op>(x, work.reduced);
      else reduce_block<Op>(x, work.inner, work.group, work.reduced, work.inner, work.y + outer * work.inner);
    }
    return;
  }
  const int64_t column_block = tile % work.column_blocks;
  const int64_t row_block = tile / work.column_blocks % work.row_blocks;
  const int64_t outer = tile / work.column_blocks / work.row_blocks;
  const int64_t first_row = row_block * work.block_rows;
  const int64_t first_column = column_block * work.block_columns;
  const int64_t rows = least(work.block_rows, work.reduced - first_row);
  const int64_t columns = least(work.block_columns, work.inner - first_column);
  const float* x = work.x + (outer * work.reduced + first_row) * work.inner + first_column;
  float* to = work.row_blocks == 1 ? work.y + outer * work.inner
                                   : work.partial + (outer * work.row_blocks + row_block) * work.inner;
  reduce_block<Op>(x, work.inner, work.group, rows, columns, to + first_column);
}

// The blocks' sums of one outer place.
template <typename Op>
void combine(void* context, int64_t outer, int) {
  const Work& work = *static_cast<const Work*>(context);
  const float* partial = work.partial + outer * work.row_blocks * work.inner;
  float* y = work.y + outer * work.inner;
  for (int64_t column = 0; column < work.inner; column++) y[column] = partial[column];
  add_rows<Op>(partial + work.inner, work.inner, work.row_blocks - 1, work.inner, y);
}

template <typename Op>
int reduce(const Invocation& invocation) {
  Work work = make_work(invocation);
  const int64_t tiles = work.outer_per_tile > 1 ? ceil_divide(work.outer, work.outer_per_tile)
                                                : work.outer * work.row_blocks * work.column_blocks;
  Parallel* parallel = invocation.parallel;
  parallel->run(parallel, tiles, run_block<Op>, &work);
  if (work.row_blocks > 1) parallel->run(parallel, work.outer, combine<Op>, &work);
  return kCajalOk;
}

size_t scratch_bytes(const Invocation& invocation) {
  const Work work = make_work(invocation);
  return work.row_blocks == 1 ? 0 : sizeof(float) * work.outer * work.row_blocks * work.inner;
}

}  // namespace

int reduce_sum(const Invocation& invocation) { return reduce<Sum>(invocation); }
size_t reduce_sum_scratch(const Invocation& invocation) { return scratch_bytes(invocation); }

int reduce_max(const Invocation& invocation) { return reduce<Maximum>(invocation); }
size_t reduce_max_scratch(const Invocation& invocation) { return scratch_bytes(invocation); }

}  // namespace cajal::CAJAL_ISA
