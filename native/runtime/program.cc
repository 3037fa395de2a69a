// Reads programs: the layout is documented in include/cajal.h.
#include "program.h"

#include "../include/ops.h"

namespace cajal {
namespace {

constexpr int kHeaderWords = 3;
constexpr int kInstructionWords = 5;
constexpr int kOperandWords = 4 + kCajalMaxRank;
constexpr int kStepWords = 6;
constexpr int64_t kLargestTensor = int64_t{1} << 40;

struct AttributeCount {
  int32_t opcode;
  int32_t words;
};

#define ROW(function, opcode, words) {opcode, words},
constexpr AttributeCount kAttributeCounts[] = {CAJAL_KERNELS(ROW)};
#undef ROW

// The head of an instruction, and where its parts begin.
struct Head {
  int32_t length, opcode, inputs, outputs, attributes;
  const int32_t* operands;
  const int32_t* attribute_words;
};

Head read_head(const int32_t* at) {
  Head head = {at[0], at[1], at[2], at[3], at[4], at + kInstructionWords, nullptr};
  head.attribute_words = head.operands + (head.inputs + head.outputs) * kOperandWords;
  return head;
}

int64_t bytes_of(int32_t dtype) { return dtype == kUint8 ? 1 : 4; }

Tensor read_operand(const int32_t* words, uint8_t* const* regions, int64_t batch) {
  Tensor tensor;
  tensor.data = regions[words[0]] + static_cast<int64_t>(words[2]) * kCajalAlignment;
  tensor.dtype = words[1];
  tensor.rank = words[3];
  for (int axis = 0; axis < kCajalMaxRank; axis++) tensor.sizes[axis] = words[4 + axis] == -1 ? batch : words[4 + axis];
  return tensor;
}

// The reason why an operand cannot be used, or null. Adds its end to the bytes that its region must have.
const char* check_operand(const int32_t* words, int64_t batch, ProgramNeeds* needs) {
  const int32_t region = words[0], dtype = words[1], place = words[2], rank = words[3];
  if (region < 0 || region > 2) return "names an unknown region of memory";
  if (dtype < kFloat32 || dtype > kInt32) return "has an operand of a dtype without kernels";
  if (place < 0) return "has an operand at a negative place";
  if (rank < 0 || rank > kCajalMaxRank) return "has an operand of too many axes";
  int64_t count = 1;
  for (int axis = 0; axis < kCajalMaxRank; axis++) {
    const int64_t size = words[4 + axis] == -1 ? batch : words[4 + axis];
    if (size < 1 || (axis >= rank && size != 1)) return "has an operand of an impossible shape";
    count *= size;
    if (count > kLargestTensor) return "has an operand that is too large";
  }
  const int64_t end = static_cast<int64_t>(place) * kCajalAlignment + count * bytes_of(dtype);
  if (end > needs->region_bytes[region]) needs->region_bytes[region] = end;
  return nullptr;
}

bool is_broadcast_of(const int32_t* input, const int32_t* output) {
  const int shift = output[3] - input[3];
  if (shift < 0) return false;
  for (int axis = 0; axis < input[3]; axis++) {
    if (input[4 + axis] != 1 && input[4 + axis] != output[4 + axis + shift]) return false;
  }
  return true;
}

// Elementwise code as it stands in an instruction: its words, and the operands that its registers stand for. `given` is 1
// where the first input register is no operand but what the same instruction computes before.
struct CodeWords {
  int32_t given, inputs, outputs, attributes;
  const int32_t* operands;
  const int32_t* attribute_words;
};

// The reason why elementwise code cannot run, or null.
const char* check_code(const CodeWords& code) {
  const int32_t* first_output = code.operands + code.inputs * kOperandWords;
  for (int operand = 0; operand < code.inputs + code.outputs; operand++) {
    const int32_t* words = code.operands + operand * kOperandWords;
    const bool is_output = operand >= code.inputs;
    if (is_output && words[1] != kFloat32) return "writes a dtype other than float32";
    if (!is_broadcast_of(words, first_output) || (is_output && !is_broadcast_of(first_output, words))) {
      return "has operands that do not broadcast to its first output";
    }
  }
  if (code.attributes < 3) return "has too few attribute words";
  const int64_t temporaries = code.attribute_words[0], constants = code.attribute_words[1], steps = code.attribute_words[2];
  if (temporaries < 0 || constants < 0 || steps < 1) return "has negative counts or no steps";
  if (3 + constants + steps * kStepWords != code.attributes) return "has code of the wrong length";
  const int64_t inputs = code.given + code.inputs, registers = inputs + code.outputs + temporaries + constants;
  for (int64_t index = 0; index < steps; index++) {
    const int32_t* step = code.attribute_words + 3 + constants + index * kStepWords;
    if (step[0] < 0 || step[0] >= static_cast<int32_t>(Step::kCount)) return "has an unknown step";
    if (step[1] < inputs || step[1] >= registers - constants) return "writes a register that is not to be written";
    if (step[2] < 0 || step[2] >= registers || step[3] < 0 || step[3] >= registers) return "reads an unknown register";
    const auto kind = static_cast<Step>(step[0]);
    if (kind == Step::kRandomUniform || kind == Step::kRandomNormal) {
      if (code.given) return "draws random numbers beside a product";
      for (int side = 2; side < 4; side++) {
        const int32_t* words = code.operands + step[side] * kOperandWords;
        if (step[side] >= inputs || words[1] != kInt32) return "draws random numbers without int32 seed and step";
        for (int axis = 0; axis < kCajalMaxRank; axis++) {
          if (words[4 + axis] != 1) return "draws random numbers without scalar seed and step";
        }
      }
    }
  }
  return nullptr;
}

const char* check_elementwise(const Head& head) {
  return check_code({0, head.inputs, head.outputs, head.attributes, head.operands, head.attribute_words});
}

// A product aᵀ·b, whose kernel reads a [k, m] and b [k, n], and code over [m, n].
const char* check_mat_mul_elementwise(const Head& head) {
  constexpr int32_t kWords = sizeof(MatMulAttributes) / sizeof(int32_t);
  if (head.inputs < 2 || head.attributes < kWords) return "has no product";
  const auto& product = *reinterpret_cast<const MatMulAttributes*>(head.attribute_words);
  if (product.transpose_a != 1 || product.transpose_b != 0 || product.activation != 0) {
    return "has a product other than of a transposed and a plain matrix";
  }
  const int32_t *a = head.operands, *b = a + kOperandWords, *y = a + head.inputs * kOperandWords;
  if (a[1] != kFloat32 || b[1] != kFloat32 || a[3] != 2 || b[3] != 2 || y[3] != 2) {
    return "has a product of other things than float32 matrices";
  }
  // Sizes in operand words begin at 4; the batch may only be what is summed over.
  if (a[4] != b[4] || a[5] != y[4] || b[5] != y[5] || y[4] < 1 || y[5] < 1) {
    return "has a product of matrices that do not fit";
  }
  return check_code({1, head.inputs - 2, head.outputs, head.attributes - kWords, b + kOperandWords,
                     head.attribute_words + kWords});
}

const char* check_attributes(const Head& head) {
  if (head.opcode == kElementwise) return check_elementwise(head);
  if (head.opcode == kMatMulElementwise) return check_mat_mul_elementwise(head);
  for (const AttributeCount& row : kAttributeCounts) {
    if (row.opcode == head.opcode) return row.words == head.attributes ? nullptr : "has the wrong number of attributes";
  }
  return "has no kernel in this build";
}

struct Operands {
  Tensor tensors[kMaxOperands];
};

Invocation prepare(const Head& head, uint8_t* const* regions, int64_t batch, Operands* operands, Parallel* parallel) {
  for (int index = 0; index < head.inputs + head.outputs; index++) {
    operands->tensors[index] = read_operand(head.operands + index * kOperandWords, regions, batch);
  }
  return {operands->tensors, operands->tensors + head.inputs, head.attribute_words, head.inputs, head.outputs,
          head.attributes,   nullptr,                         parallel};
}

int64_t scratch_of(const KernelRow& row, const Invocation& invocation) {
  return row.scratch_bytes ? static_cast<int64_t>(row.scratch_bytes(invocation)) : 0;
}

}  // namespace

CajalStatus check_program(const int32_t* words, int64_t word_count, const KernelRow* kernels, int64_t batch_capacity,
                          Parallel* parallel, ProgramNeeds* needs, ProgramFault* fault) {
  *needs = {};
  *fault = {-1, -1, nullptr};
  const auto refuse = [fault](const char* reason, CajalStatus status = kCajalBadProgram) {
    fault->reason = reason;
    return status;
  };
  if (word_count < kHeaderWords || words[0] != kCajalMagic) return refuse("is not a program");
  if (words[1] != kCajalVersion) return refuse("is of another version");
  if (words[2] < 0) return refuse("has a negative number of instructions");
  if (batch_capacity < 1) return refuse("has no room for a batch");
  needs->instructions = words[2];
  uint8_t* const nowhere[3] = {};
  Operands operands;
  int64_t at = kHeaderWords;
  for (int32_t index = 0; index < words[2]; index++) {
    fault->instruction = index;
    if (at + kInstructionWords > word_count) return refuse("is cut off");
    fault->opcode = words[at + 1];
    const int32_t length = words[at], inputs = words[at + 2], outputs = words[at + 3], attributes = words[at + 4];
    if (inputs < 0 || outputs < 1 || inputs > kMaxOperands || outputs > kMaxOperands || inputs + outputs > kMaxOperands) {
      return refuse("has too few or too many operands");
    }
    const int64_t expected = kInstructionWords + int64_t{kOperandWords} * (inputs + outputs) + attributes;
    if (attributes < 0 || length != expected || at + length > word_count) return refuse("has the wrong length");
    const Head head = read_head(words + at);
    if (head.opcode < 0 || head.opcode >= kOpcodeCount || !kernels[head.opcode].run) {
      return refuse("has no kernel in this build", kCajalUnsupported);
    }
    for (int operand = 0; operand < inputs + outputs; operand++) {
      const char* reason = check_operand(head.operands + operand * kOperandWords, batch_capacity, needs);
      if (reason) return refuse(reason);
    }
    if (const char* reason = check_attributes(head)) return refuse(reason);
    const Invocation invocation = prepare(head, nowhere, batch_capacity, &operands, parallel);
    const int64_t scratch = scratch_of(kernels[head.opcode], invocation);
    if (scratch > needs->scratch_bytes) needs->scratch_bytes = scratch;
    at += length;
  }
  fault->instruction = -1;
  if (at != word_count) return refuse("has words after its end");
  return kCajalOk;
}

CajalStatus run_program(const int32_t* words, const CajalRegions& regions, int64_t batch, const KernelRow* kernels,
                        uint8_t* scratch, int64_t scratch_bytes, Parallel* parallel, const Profile* profile,
                        const uint32_t* is_cancelled) {
  uint8_t* const places[3] = {regions.arena, regions.variables, regions.scalars};
  Operands operands;
  const int32_t* at = words + kHeaderWords;
  for (int32_t index = 0; index < words[2]; index++) {
    if (is_cancelled && __atomic_load_n(is_cancelled, __ATOMIC_RELAXED) != 0) return kCajalCancelled;
    const double start = profile ? profile->now_ms() : 0;
    const Head head = read_head(at);
    const KernelRow& row = kernels[head.opcode];
    Invocation invocation = prepare(head, places, batch, &operands, parallel);
    // A kernel that wants more for a small batch than for the largest would write past the end: refuse instead.
    if (scratch_of(row, invocation) > scratch_bytes) return kCajalNoScratch;
    invocation.scratch = scratch;
    const int status = row.run(invocation);
    if (status != kCajalOk) return static_cast<CajalStatus>(status);
    if (profile) profile->instruction_ms[index] = profile->now_ms() - start;
    at += head.length;
  }
  return kCajalOk;
}

}  // namespace cajal
