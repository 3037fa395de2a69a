// The kernels of one instruction set, by opcode. Compiled once per set, as the kernels are.
#include "../include/ops.h"
#include "../runtime/kernel.h"

namespace cajal {
namespace CAJAL_ISA {

int elementwise(const Invocation& invocation);
size_t elementwise_scratch(const Invocation& invocation);
int mat_mul_elementwise(const Invocation& invocation);
size_t mat_mul_elementwise_scratch(const Invocation& invocation);

#define ROW(function, opcode, words)          \
  int function(const Invocation& invocation); \
  size_t function##_scratch(const Invocation& invocation);
CAJAL_KERNELS(ROW)
#undef ROW

const KernelRow* kernel_table();

namespace {

struct Table {
  KernelRow rows[kOpcodeCount];
};

constexpr Table make_table() {
  Table table = {};
  table.rows[kElementwise] = {elementwise, elementwise_scratch};
  table.rows[kMatMulElementwise] = {mat_mul_elementwise, mat_mul_elementwise_scratch};
#define ROW(function, opcode, words) table.rows[opcode] = {function, function##_scratch};
  CAJAL_KERNELS(ROW)
#undef ROW
  return table;
}

constexpr Table kTable = make_table();

}  // namespace

const KernelRow* kernel_table() { return kTable.rows; }

}  // namespace CAJAL_ISA
}  // namespace cajal
