// The list of instruction sets. Kernels of each lie in a namespace and a library of their own.
#include "dispatch.h"

#include "cpu_features.h"

namespace cajal {

#if defined(__x86_64__)
namespace baseline {
const KernelRow* kernel_table();
const Gauges* gauges();
}
namespace avx2 {
const KernelRow* kernel_table();
const Gauges* gauges();
}
namespace avx512 {
const KernelRow* kernel_table();
const Gauges* gauges();
}
#elif defined(__aarch64__)
namespace neon {
const KernelRow* kernel_table();
const Gauges* gauges();
}
#elif defined(__wasm__)
namespace simd128 {
const KernelRow* kernel_table();
const Gauges* gauges();
}
#endif

const InstructionSet* instruction_sets() {
  static constexpr InstructionSet kSets[] = {
#if defined(__x86_64__)
      {"baseline", baseline::kernel_table, baseline::gauges, always_supported},
      {"avx2", avx2::kernel_table, avx2::gauges, supports_avx2},
      {"avx512", avx512::kernel_table, avx512::gauges, supports_avx512},
#elif defined(__aarch64__)
      {"neon", neon::kernel_table, neon::gauges, always_supported},
#elif defined(__wasm__)
      {"simd128", simd128::kernel_table, simd128::gauges, always_supported},
#endif
      {nullptr, nullptr, nullptr, nullptr},
  };
  return kSets;
}

}  // namespace cajal
