// The list of instruction sets. Kernels of each lie in a namespace and a library of their own.
#include "dispatch.h"

#include "cpu_features.h"

namespace cajal {

#if defined(__x86_64__)
namespace baseline {
const KernelRow* kernel_table();
}
namespace avx2 {
const KernelRow* kernel_table();
}
namespace avx512 {
const KernelRow* kernel_table();
}
#elif defined(__aarch64__)
namespace neon {
const KernelRow* kernel_table();
}
#elif defined(__wasm__)
namespace simd128 {
const KernelRow* kernel_table();
}
#endif

const InstructionSet* instruction_sets() {
  static constexpr InstructionSet kSets[] = {
#if defined(__x86_64__)
      {"baseline", baseline::kernel_table, always_supported},
      {"avx2", avx2::kernel_table, supports_avx2},
      {"avx512", avx512::kernel_table, supports_avx512},
#elif defined(__aarch64__)
      {"neon", neon::kernel_table, always_supported},
#elif defined(__wasm__)
      {"simd128", simd128::kernel_table, always_supported},
#endif
      {nullptr, nullptr, nullptr},
  };
  return kSets;
}

}  // namespace cajal
