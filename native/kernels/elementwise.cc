// Fused elementwise instructions: an interpreter that takes 512 numbers at a time through all steps, so that
// intermediate results stay in the first-level cache. Full-shape inputs and outputs are used where they lie.
//
// NaN: maximum, minimum, clip and relu pass it on, as JavaScript's Math does; comparisons with it are 0.
#include "elementwise.h"

#include "../include/cajal.h"
#include "../include/ops.h"
#include "../simd/elementary.h"
#include "picture_rows.h"

namespace cajal::CAJAL_ISA {

namespace {

constexpr int kTile = 512;                // floats of a register: 2 KiB
constexpr int64_t kChunk = 32 * kTile;    // floats of one parallel tile
constexpr int64_t kLongestPattern = 4096;
constexpr int64_t kShortest = 16;         // rows that are not worth a copy of their own
constexpr int kStepWords = 6;

}  // namespace

// How an input reaches its register.
enum class Source : int32_t {
  kMemory,   // it has the full shape: the register is the input itself
  kPattern,  // it repeats along the last axes: the register is a part of a buffer that holds it several times
  kRuns,     // anything else: runs of neighbouring or equal numbers are copied
};

// An input seen as an array of the loop's elements: axes are merged where that is possible, the last one has stride 1
// or 0.
struct ElementwiseLoader {
  const uint8_t* data;
  const float* pattern;
  int64_t sizes[6];
  int64_t strides[6];
  int64_t period;  // of a pattern
  int32_t axes;
  int32_t dtype;
  Source source;
};

namespace {

using Loader = ElementwiseLoader;
using Code = ElementwiseCode;
using Loop = ElementwiseLoop;

Code read_code(const Invocation& invocation, int given) {
  const int32_t* words = invocation.attributes;
  Code code = {given + invocation.input_count, invocation.output_count, words[0], words[1], words[2], words + 3, nullptr};
  code.step_words = code.constant_words + code.constants;
  return code;
}

int64_t element_count(const Tensor& tensor) {
  int64_t count = 1;
  for (int axis = 0; axis < 6; axis++) count *= tensor.sizes[axis];
  return count;
}

Loader make_loader(const Tensor& input, const Tensor& loop) {
  Loader loader = {};
  loader.data = input.data;
  loader.dtype = input.dtype;
  loader.axes = 0;
  int64_t stride = 1;
  // From the last axis to the first, merging an axis into the one behind it where they step on together.
  int64_t sizes[6], strides[6];
  for (int axis = loop.rank - 1; axis >= 0; axis--) {
    const int64_t size = loop.sizes[axis];
    const int input_axis = axis - loop.rank + input.rank;
    const int64_t input_size = input_axis < 0 ? 1 : input.sizes[input_axis];
    if (size == 1) continue;
    const int64_t step = input_size == 1 ? 0 : stride;
    const int last = loader.axes - 1;
    if (last >= 0 && step == (strides[last] == 0 ? 0 : strides[last] * sizes[last])) {
      sizes[last] *= size;
    } else {
      sizes[loader.axes] = size;
      strides[loader.axes++] = step;
    }
    stride *= input_size;
  }
  for (int axis = 0; axis < loader.axes; axis++) {
    loader.sizes[axis] = sizes[loader.axes - 1 - axis];
    loader.strides[axis] = strides[loader.axes - 1 - axis];
  }
  const bool is_float = input.dtype == kFloat32;
  const bool has_full_shape = loader.axes == 0 ? element_count(loop) == 1 : loader.axes == 1 && loader.strides[0] == 1;
  loader.period = element_count(input);
  const bool repeats = loader.axes == 0 || (loader.axes == 1 && loader.strides[0] == 0) ||
                       (loader.axes == 2 && loader.strides[0] == 0 && loader.strides[1] == 1);
  loader.source = Source::kRuns;
  if (has_full_shape && is_float) loader.source = Source::kMemory;
  else if (repeats && !has_full_shape && loader.period <= kLongestPattern) loader.source = Source::kPattern;
  return loader;
}

CAJAL_INLINE float number_at(const uint8_t* data, int32_t dtype, int64_t index) {
  if (dtype == kUint8) return data[index];
  if (dtype == kInt32) return static_cast<float>(reinterpret_cast<const int32_t*>(data)[index]);
  return reinterpret_cast<const float*>(data)[index];
}

void copy_run(const Loader& loader, int64_t from, int64_t step, int64_t count, float* to) {
  if (step == 0) {
    const float value = number_at(loader.data, loader.dtype, from);
    for (int64_t index = 0; index < count; index++) to[index] = value;
    return;
  }
  if (loader.dtype == kUint8) {
    int64_t index = 0;
    for (; index + kLanes <= count; index += kLanes) store(to + index, load_bytes(loader.data + from + index));
    for (; index < count; index++) to[index] = loader.data[from + index];
  } else if (loader.dtype == kInt32) {
    const int32_t* numbers = reinterpret_cast<const int32_t*>(loader.data) + from;
    for (int64_t index = 0; index < count; index++) to[index] = static_cast<float>(numbers[index]);
  } else {
    const float* numbers = reinterpret_cast<const float*>(loader.data) + from;
    for (int64_t index = 0; index < count; index++) to[index] = numbers[index];
  }
}

// A short row of neighbouring numbers again and again, from its number `first` on: what is there is doubled until it is enough.
void repeat_row(const Loader& loader, int64_t from, int64_t size, int64_t first, int64_t count, float* to) {
  const int64_t head = size < count ? size : count;
  for (int64_t index = 0; index < head; index++) {
    const int64_t place = first + index < size ? first + index : first + index - size;
    to[index] = number_at(loader.data, loader.dtype, from + place);
  }
  for (int64_t filled = head; filled < count;) {
    const int64_t run = filled < count - filled ? filled : count - filled;
    copy_floats(to, to + filled, run);
    filled += run;
  }
}

// Each of neighbouring numbers `times` over; the first has been there `first` times.
void spread_row(const Loader& loader, int64_t from, int64_t times, int64_t first, int64_t count, float* to) {
  int64_t index = 0;
  if (first > 0) {
    const float value = number_at(loader.data, loader.dtype, from++);
    for (; first < times && index < count; first++) to[index++] = value;
  }
  const auto spread = [&](const auto* numbers, int64_t each) {
    for (; index + each <= count; index += each) {
      const auto value = static_cast<float>(*numbers++);
      for (int64_t copy = 0; copy < each; copy++) to[index + copy] = value;
    }
    if (index == count) return;
    const auto value = static_cast<float>(*numbers);
    while (index < count) to[index++] = value;
  };
  const auto spread_any = [&](int64_t each) {
    if (loader.dtype == kUint8) spread(loader.data + from, each);
    else if (loader.dtype == kInt32) spread(reinterpret_cast<const int32_t*>(loader.data) + from, each);
    else spread(reinterpret_cast<const float*>(loader.data) + from, each);
  };
  if (times == 3) spread_any(3);
  else spread_any(times);
}

// Elements start … start + count - 1 of the loop.
void load_runs(const Loader& loader, int64_t start, int64_t count, float* to) {
  if (loader.axes == 0) return copy_run(loader, 0, 0, count, to);
  int64_t place[6];
  int64_t from = 0;
  int64_t rest = start;
  for (int axis = loader.axes - 1; axis >= 0; axis--) {
    place[axis] = rest % loader.sizes[axis];
    rest /= loader.sizes[axis];
    from += place[axis] * loader.strides[axis];
  }
  const int last = loader.axes - 1;
  const int64_t size = loader.sizes[last], stride = loader.strides[last];
  // A number for each channel, the same for all pixels; or one for each pixel, the same for all channels. The last two axes
  // are then walked as one.
  const bool is_short = last > 0 && size <= kShortest;
  const bool is_repeated = is_short && stride == 1 && loader.strides[last - 1] == 0;
  const bool is_spread = is_short && stride == 0 && loader.strides[last - 1] == 1;
  while (count > 0) {
    const int walked = is_repeated || is_spread ? last - 1 : last;
    const int64_t left = walked == last ? size - place[last] : (loader.sizes[walked] - place[walked]) * size - place[last];
    const int64_t run = left < count ? left : count;
    if (is_repeated) repeat_row(loader, from - place[last], size, place[last], run, to);
    else if (is_spread) spread_row(loader, from, size, place[last], run, to);
    else copy_run(loader, from, stride, run, to);
    to += run;
    count -= run;
    if (walked == last) {
      place[last] += run;
      from += run * stride;
    } else {
      const int64_t end = place[last] + run, next = end % size;
      from += end / size * loader.strides[walked] + (next - place[last]) * stride;
      place[walked] += end / size;
      place[last] = next;
    }
    for (int axis = walked; axis > 0 && place[axis] == loader.sizes[axis]; axis--) {
      from += loader.strides[axis - 1] - loader.sizes[axis] * loader.strides[axis];
      place[axis] = 0;
      place[axis - 1]++;
    }
  }
}

// Philox4x32-10 (Salmon et al. 2011) for the counters of 512 elements, in loops that the compiler turns into vectors.
// words[lane][i] is the word of element 4i + lane.
constexpr int kCounters = kTile / 4;
void draw_words(uint32_t seed, uint32_t step, uint32_t stream, int64_t start, uint32_t (*words)[kCounters]) {
  uint32_t *c0 = words[0], *c1 = words[1], *c2 = words[2], *c3 = words[3];
  for (int index = 0; index < kCounters; index++) {
    c0[index] = static_cast<uint32_t>(start / 4) + index;
    c1[index] = step;
    c2[index] = 0;
    c3[index] = 0;
  }
  uint32_t key0 = seed, key1 = stream;
  for (int round = 0; round < 10; round++) {
    for (int index = 0; index < kCounters; index++) {
      const uint64_t a = uint64_t{0xd2511f53} * c0[index];
      const uint64_t b = uint64_t{0xcd9e8d57} * c2[index];
      const uint32_t next0 = static_cast<uint32_t>(b >> 32) ^ c1[index] ^ key0;
      const uint32_t next2 = static_cast<uint32_t>(a >> 32) ^ c3[index] ^ key1;
      c1[index] = static_cast<uint32_t>(b);
      c3[index] = static_cast<uint32_t>(a);
      c0[index] = next0;
      c2[index] = next2;
    }
    key0 += 0x9e3779b9;
    key1 += 0xbb67ae85;
  }
}

constexpr float kUnit = 1.0f / 16777216.0f;

// Uniform numbers in [0, 1): the upper 24 bits of each word.
void draw_uniform(const uint32_t (*words)[kCounters], float* to) {
  for (int index = 0; index < kCounters; index++) {
    for (int lane = 0; lane < 4; lane++) {
      to[4 * index + lane] = static_cast<float>(static_cast<int32_t>(words[lane][index] >> 8)) * kUnit;
    }
  }
}

// Normal numbers (Box and Muller, 1958): two uniform numbers u, v give √(-2 ln(1 - u)) times cos 2πv and sin 2πv.
void draw_normal(const uint32_t (*words)[kCounters], float* to) {
  for (int lane = 0; lane < 4; lane += 2) {
    for (int index = 0; index < kCounters; index += kLanes) {
      const vf u = to_float(load(reinterpret_cast<const int32_t*>(words[lane]) + index) >> 8 & 0xffffff) * kUnit;
      const vi v = load(reinterpret_cast<const int32_t*>(words[lane + 1]) + index) >> 8 & 0xffffff;
      const vf radius = square_root(-2.0f * logarithm(1.0f - u));
      // Of the 24 bits of v, the first two say in which quarter of a turn the angle is; the middle of a quarter counts from
      // the next one, so that the rest is at most an eighth of a turn, either way. All of that is exact.
      const vi quarter = (v + (1 << 21)) >> 22;
      const vf angle = to_float(v - (quarter << 22)) * (6.28318531f * kUnit);
      float sines[kLanes], cosines[kLanes];
      store(sines, radius * sine_in_quarter(angle, quarter));
      store(cosines, radius * sine_in_quarter(angle, quarter + 1));
      for (int place = 0; place < kLanes; place++) {
        to[4 * (index + place) + lane] = cosines[place];
        to[4 * (index + place) + lane + 1] = sines[place];
      }
    }
  }
}

template <typename Function>
CAJAL_INLINE void map(const float* a, float* to, int count, Function function) {
  for (int index = 0; index < count; index += kLanes) store(to + index, function(load(a + index)));
}

template <typename Function>
CAJAL_INLINE void map(const float* a, const float* b, float* to, int count, Function function) {
  for (int index = 0; index < count; index += kLanes) store(to + index, function(load(a + index), load(b + index)));
}

CAJAL_INLINE vf larger(vf a, vf b) { return select(a != a, a, maximum(a, b)); }
CAJAL_INLINE vf smaller(vf a, vf b) { return select(a != a, a, minimum(a, b)); }
CAJAL_INLINE vf one_where(vi mask) { return select(mask, broadcast(1.0f), zero()); }

// One step over `count` numbers, a multiple of kLanes.
void run_step(Step step, const float* a, const float* b, float first, float second, float* to, int count) {
  switch (step) {
    case Step::kIdentity:
    case Step::kBroadcast: return map(a, to, count, [](vf x) { return x; });
    case Step::kNegate: return map(a, to, count, [](vf x) { return -x; });
    case Step::kAbs: return map(a, to, count, [](vf x) { return absolute(x); });
    case Step::kSign:
      return map(a, to, count, [](vf x) {
        return select(x > zero(), broadcast(1.0f), select(x < zero(), broadcast(-1.0f), x));
      });
    case Step::kExp: return map(a, to, count, [](vf x) { return exponential(x); });
    case Step::kLog: return map(a, to, count, [](vf x) { return logarithm(x); });
    case Step::kExpm1: return map(a, to, count, [](vf x) { return exponential_minus_1(x); });
    case Step::kLog1p: return map(a, to, count, [](vf x) { return logarithm_of_1_plus(x); });
    case Step::kErf: return map(a, to, count, [](vf x) { return error_function(x); });
    case Step::kSin: return map(a, to, count, [](vf x) { return sine(x); });
    case Step::kCos: return map(a, to, count, [](vf x) { return cosine(x); });
    case Step::kFloor: return map(a, to, count, [](vf x) { return round_down(x); });
    case Step::kPower: return map(a, to, count, [=](vf x) { return power(x, first); });
    case Step::kSqrt: return map(a, to, count, [](vf x) { return square_root(x); });
    case Step::kSquare: return map(a, to, count, [](vf x) { return x * x; });
    case Step::kRelu: return map(a, to, count, [](vf x) { return relu(x); });
    case Step::kSigmoid: return map(a, to, count, [](vf x) { return logistic(x); });
    case Step::kTanh: return map(a, to, count, [](vf x) { return hyperbolic_tangent(x); });
    case Step::kClip:
      return map(a, to, count, [=](vf x) { return minimum(broadcast(second), maximum(broadcast(first), x)); });
    case Step::kRescale: return map(a, to, count, [=](vf x) { return fma(x, broadcast(first), broadcast(second)); });
    case Step::kAdd: return map(a, b, to, count, [](vf x, vf y) { return x + y; });
    case Step::kSubtract: return map(a, b, to, count, [](vf x, vf y) { return x - y; });
    case Step::kMultiply: return map(a, b, to, count, [](vf x, vf y) { return x * y; });
    case Step::kDivide: return map(a, b, to, count, [](vf x, vf y) { return x / y; });
    case Step::kMaximum: return map(a, b, to, count, [](vf x, vf y) { return larger(x, y); });
    case Step::kMinimum: return map(a, b, to, count, [](vf x, vf y) { return smaller(x, y); });
    case Step::kGreater: return map(a, b, to, count, [](vf x, vf y) { return one_where(x > y); });
    case Step::kGreaterEqual: return map(a, b, to, count, [](vf x, vf y) { return one_where(x >= y); });
    case Step::kEqual: return map(a, b, to, count, [](vf x, vf y) { return one_where(x == y); });
    case Step::kReluGradient: return map(a, b, to, count, [](vf dy, vf y) { return select(y > zero(), dy, zero()); });
    case Step::kKeepWhere: return map(a, b, to, count, [](vf x, vf c) { return select(c != zero(), x, zero()); });
    case Step::kDropWhere: return map(a, b, to, count, [](vf x, vf c) { return select(c != zero(), zero(), x); });
    case Step::kRandomUniform:
    case Step::kRandomNormal:
    case Step::kCount: return;
  }
}

size_t round_up(size_t bytes) { return (bytes + 63) / 64 * 64; }

size_t worker_bytes(const Code& code) {
  const int held = code.inputs + code.outputs + code.temporaries + 1;
  return round_up(code.registers() * sizeof(float*)) + sizeof(float) * kTile * held;
}

size_t pattern_floats(int64_t period) { return round_up(sizeof(float) * (period + kTile)) / sizeof(float); }

// Elements start … up to a tile of them, before `last`; `computed` is the given input from element `start` on.
void run_tile(const Loop& loop, float** registers, float* storage, int64_t start, int64_t last, const float* computed) {
  const Code& code = loop.code;
  const int64_t left = last - start;
  const int count = left < kTile ? static_cast<int>(left) : kTile;
  // The last tile may end within a vector, which must not be read or written beyond the end of memory: it works on copies.
  const bool is_whole = count % kLanes == 0;
  const int padded = (count + kLanes - 1) / kLanes * kLanes;
  if (loop.given) registers[0] = const_cast<float*>(computed);
  for (int input = loop.given; input < code.inputs; input++) {
    const Loader& loader = loop.loaders[input - loop.given];
    if (loader.source == Source::kPattern) {
      registers[input] = const_cast<float*>(loader.pattern) + start % loader.period;
    } else if (loader.source == Source::kMemory && is_whole) {
      registers[input] = const_cast<float*>(reinterpret_cast<const float*>(loader.data)) + start;
    } else {
      registers[input] = storage + input * kTile;
      load_runs(loader, start, count, registers[input]);
    }
  }
  for (int output = 0; output < code.outputs; output++) {
    float* memory = reinterpret_cast<float*>(loop.outputs[output].data) + start;
    registers[code.inputs + output] = is_whole ? memory : storage + (code.inputs + output) * kTile;
  }
  for (int index = 0; index < code.steps; index++) {
    const int32_t* words = code.step_words + index * kStepWords;
    const auto step = static_cast<Step>(words[0]);
    const auto* numbers = reinterpret_cast<const float*>(words + 4);
    if (step == Step::kRandomUniform || step == Step::kRandomNormal) {
      // A whole tile is drawn, and an output in memory may have room for less.
      float* drawn = storage + (code.inputs + code.outputs + code.temporaries) * kTile;
      const auto* seed = reinterpret_cast<const uint32_t*>(loop.inputs[words[2] - loop.given].data);
      const auto* key = reinterpret_cast<const uint32_t*>(loop.inputs[words[3] - loop.given].data);
      uint32_t drawn_words[4][kCounters];
      draw_words(*seed, *key, static_cast<uint32_t>(numbers[0]), start, drawn_words);
      if (step == Step::kRandomUniform) draw_uniform(drawn_words, drawn);
      else draw_normal(drawn_words, drawn);
      map(drawn, registers[words[1]], padded, [](vf x) { return x; });
    } else {
      run_step(step, registers[words[2]], registers[words[3]], numbers[0], numbers[1], registers[words[1]], padded);
    }
  }
  if (is_whole) return;
  for (int output = 0; output < code.outputs; output++) {
    float* memory = reinterpret_cast<float*>(loop.outputs[output].data) + start;
    const float* result = registers[code.inputs + output];
    for (int index = 0; index < count; index++) memory[index] = result[index];
  }
}

void run_chunk(void* context, int64_t chunk, int worker) {
  const Loop& loop = *static_cast<const Loop*>(context);
  const int64_t last = (chunk + 1) * kChunk < loop.elements ? (chunk + 1) * kChunk : loop.elements;
  run_elementwise(loop, chunk * kChunk, last, nullptr, worker);
}

}  // namespace

// Scratch: loaders, constants (a tile of each), patterns, then a block per worker.
size_t elementwise_loop_scratch(const Invocation& invocation, int given) {
  const Code code = read_code(invocation, given);
  size_t bytes = round_up(invocation.input_count * sizeof(Loader)) + sizeof(float) * kTile * code.constants;
  // As if every input were a pattern: with a smaller batch, when axes have size 1, one may become that.
  for (int input = 0; input < invocation.input_count; input++) {
    const int64_t count = element_count(invocation.inputs[input]);
    bytes += sizeof(float) * pattern_floats(count < kLongestPattern ? count : kLongestPattern);
  }
  return bytes + worker_bytes(code) * invocation.parallel->threads;
}

ElementwiseLoop make_elementwise_loop(const Invocation& invocation, int given) {
  Loop loop = {};
  loop.code = read_code(invocation, given);
  loop.given = given;
  loop.inputs = invocation.inputs;
  loop.outputs = invocation.outputs;
  loop.elements = element_count(invocation.outputs[0]);
  const int64_t used = loop.elements < kTile ? (loop.elements + kLanes - 1) / kLanes * kLanes : kTile;
  auto* loaders = reinterpret_cast<Loader*>(invocation.scratch);
  auto* floats = reinterpret_cast<float*>(invocation.scratch + round_up(invocation.input_count * sizeof(Loader)));
  loop.loaders = loaders;
  loop.constants = floats;
  for (int index = 0; index < loop.code.constants; index++, floats += kTile) {
    const float value = reinterpret_cast<const float*>(loop.code.constant_words)[index];
    for (int64_t place = 0; place < used; place++) floats[place] = value;
  }
  for (int input = 0; input < invocation.input_count; input++) {
    loaders[input] = make_loader(invocation.inputs[input], invocation.outputs[0]);
    Loader& loader = loaders[input];
    if (loader.source != Source::kPattern) continue;
    loader.pattern = floats;
    copy_run(loader, 0, 1, loader.period, floats);
    // What is there is doubled until it is enough, so that no number waits for the one before it.
    for (int64_t filled = loader.period, wanted = filled + used; filled < wanted;) {
      const int64_t run = filled < wanted - filled ? filled : wanted - filled;
      copy_floats(floats, floats + filled, run);
      filled += run;
    }
    floats += pattern_floats(loader.period);
  }
  loop.workers = reinterpret_cast<uint8_t*>(floats);
  loop.worker_bytes = worker_bytes(loop.code);
  return loop;
}

void run_elementwise(const ElementwiseLoop& loop, int64_t first, int64_t last, const float* computed, int worker) {
  const Code& code = loop.code;
  uint8_t* block = loop.workers + worker * loop.worker_bytes;
  auto** registers = reinterpret_cast<float**>(block);
  auto* storage = reinterpret_cast<float*>(block + round_up(code.registers() * sizeof(float*)));
  const int first_temporary = code.inputs + code.outputs;
  for (int index = 0; index < code.temporaries; index++) {
    registers[first_temporary + index] = storage + (first_temporary + index) * kTile;
  }
  for (int index = 0; index < code.constants; index++) {
    registers[first_temporary + code.temporaries + index] = const_cast<float*>(loop.constants) + index * kTile;
  }
  for (int64_t start = first; start < last; start += kTile) {
    run_tile(loop, registers, storage, start, last, loop.given ? computed + (start - first) : nullptr);
  }
}

int elementwise_streams(const ElementwiseLoop& loop, int most, const float** streams) {
  int count = 0;
  for (int input = 0; input < loop.code.inputs - loop.given && count < most; input++) {
    const Loader& loader = loop.loaders[input];
    if (loader.source == Source::kMemory) streams[count++] = reinterpret_cast<const float*>(loader.data);
  }
  return count;
}

int elementwise(const Invocation& invocation);
size_t elementwise_scratch(const Invocation& invocation);

size_t elementwise_scratch(const Invocation& invocation) { return elementwise_loop_scratch(invocation, 0); }

int elementwise(const Invocation& invocation) {
  Loop loop = make_elementwise_loop(invocation, 0);
  const int64_t chunks = (loop.elements + kChunk - 1) / kChunk;
  invocation.parallel->run(invocation.parallel, chunks, run_chunk, &loop);
  return kCajalOk;
}

}  // namespace cajal::CAJAL_ISA
