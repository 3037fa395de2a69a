// Asks the processor. The compilers' built-in also checks that the system saves the wide registers.
#include "cpu_features.h"

namespace cajal {

bool always_supported() { return true; }

#if defined(__x86_64__)
bool supports_avx2() {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

bool supports_avx512() {
  return supports_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}
#endif

}  // namespace cajal
