// Softmax over the last axis: e^(x - max) / Σ e^(x - max), row by row.
#include "../include/cajal.h"
#include "../include/ops.h"
#include "../runtime/kernel.h"
#include "../simd/elementary.h"

namespace cajal::CAJAL_ISA {

int softmax(const Invocation& invocation);
size_t softmax_scratch(const Invocation& invocation);

namespace {

constexpr int64_t kTile = 4096;  // floats of a parallel tile, about

struct Work {
  const float* x;
  float* y;
  int64_t rows, columns, tile_rows;
};

void softmax_row(const float* x, float* y, int64_t columns) {
  // NaN need not be kept here: it comes back with its own e^x.
  vf most = broadcast(-__builtin_inff());
  int64_t column = 0;
  for (; column + kLanes <= columns; column += kLanes) most = maximum(load(x + column), most);
  float largest = reduce_maximum(most);
  for (; column < columns; column++) largest = largest > x[column] ? largest : x[column];
  vf sums = zero();
  column = 0;
  for (; column + kLanes <= columns; column += kLanes) {
    const vf power = exponential(load(x + column) - largest);
    store(y + column, power);
    sums += power;
  }
  const int rest = static_cast<int>(columns - column);
  if (rest > 0) {
    const vf power = exponential(load_partial(x + column, rest) - largest);
    store_partial(y + column, power, rest);
    sums += select(iota() < broadcast(rest), power, zero());
  }
  const float sum = reduce_add(sums);
  for (int64_t index = 0; index < columns; index++) y[index] = y[index] / sum;
}

void run_tile(void* context, int64_t tile, int) {
  const Work& work = *static_cast<const Work*>(context);
  const int64_t end = (tile + 1) * work.tile_rows < work.rows ? (tile + 1) * work.tile_rows : work.rows;
  for (int64_t row = tile * work.tile_rows; row < end; row++) {
    softmax_row(work.x + row * work.columns, work.y + row * work.columns, work.columns);
  }
}

}  // namespace

size_t softmax_scratch(const Invocation&) { return 0; }

int softmax(const Invocation& invocation) {
  const Tensor& x = invocation.inputs[0];
  Work work = {reinterpret_cast<const float*>(x.data), reinterpret_cast<float*>(invocation.outputs[0].data), 1, 1, 1};
  for (int axis = 0; axis + 1 < x.rank; axis++) work.rows *= x.sizes[axis];
  if (x.rank > 0) work.columns = x.sizes[x.rank - 1];
  work.tile_rows = (kTile + work.columns - 1) / work.columns;
  const int64_t tiles = (work.rows + work.tile_rows - 1) / work.tile_rows;
  invocation.parallel->run(invocation.parallel, tiles, run_tile, &work);
  return kCajalOk;
}

}  // namespace cajal::CAJAL_ISA
